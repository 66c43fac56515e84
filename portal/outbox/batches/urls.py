from django.urls import path

from portal.outbox.batches import views

urlpatterns = [
    path("", views.batches, name="batches"),
    path("<int:pk>/", views.batch, name="batch"),
    path("<int:pk>/status/", views.batch_status, name="batch_status"),
    path("<int:pk>/result/", views.batch_result, name="batch_result"),
    path("<int:pk>/start/", views.batch_start, name="batch_start"),
    path("<int:pk>/pause/", views.batch_pause, name="batch_pause"),
    path("<int:pk>/resume/", views.batch_resume, name="batch_resume"),
    path("<int:pk>/cancel/", views.batch_cancel, name="batch_cancel"),
    path("<int:pk>/approve/", views.batch_approve, name="batch_approve"),
    path("<int:pk>/decline/", views.batch_decline, name="batch_decline"),
    path("<int:pk>/retry/", views.batch_retry, name="batch_retry"),
]
