from django.urls import path

from orders.scheduling import views

urlpatterns = [
    path("<int:pk>/schedule/", views.schedule, name="subscription_schedule"),
    path("<int:pk>/schedule/cancel/", views.cancel_schedule, name="subscription_schedule_cancel"),
    path("<int:pk>/term/", views.term, name="subscription_term"),
    path("<int:pk>/billing/", views.cycle, name="subscription_cycle"),
    path("<int:pk>/cancel/", views.cancel, name="subscription_cancel"),
]
