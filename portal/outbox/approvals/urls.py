from django.urls import path

from portal.outbox.approvals import views

urlpatterns = [path("", views.approvals, name="approvals")]
