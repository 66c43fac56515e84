from django.urls import path

from portal.outbox import views

urlpatterns = [
    path("", views.changes, name="changes"),
    path("<int:pk>/", views.change, name="change"),
    path("<int:pk>/status/", views.change_status, name="change_status"),
    path("<int:pk>/retry/", views.change_retry, name="change_retry"),
    path("<int:pk>/give-up/", views.change_give_up, name="change_give_up"),
    path("<int:pk>/cancel/", views.change_cancel, name="change_cancel"),
    path("<int:pk>/secret/", views.change_secret, name="change_secret"),
    path("<int:pk>/approve/", views.change_approve, name="change_approve"),
    path("<int:pk>/decline/", views.change_decline, name="change_decline"),
]
