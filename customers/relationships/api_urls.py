from django.urls import path

from customers.relationships import api

urlpatterns = [
    path(
        "customers/relationship-request/",
        api.InvitationView.as_view(),
        name="api-relationship-request",
    ),
    path(
        "customers/<int:pk>/end-relationship/",
        api.EndView.as_view(),
        name="api-customer-end-relationship",
    ),
    path(
        "customers/<int:pk>/delete-from-sandbox/",
        api.DeleteView.as_view(),
        name="api-customer-delete-from-sandbox",
    ),
]
