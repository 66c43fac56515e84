from django.urls import path

from portal.dashboard import activity_log, views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("palette/", views.palette_options, name="palette"),
    path("activity/", activity_log.activity, name="activity"),
    path("customers/<int:pk>/activity/", activity_log.customer_activity, name="customer_activity"),
    path("activity/<int:pk>/", activity_log.activity_entry, name="activity_entry"),
    path("activity/records/<int:pk>/", activity_log.activity_record, name="activity_record"),
]
