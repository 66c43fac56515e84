from django.urls import path

from customers.licences import api

urlpatterns = [
    path(
        "customer-users/<int:pk>/licences/",
        api.UserLicencesView.as_view(),
        name="api-customer-user-licences",
    ),
    path(
        "customer-users/<int:pk>/read-licences/",
        api.UserLicencesReadView.as_view(),
        name="api-customer-user-read-licences",
    ),
    path(
        "customer-users/<int:pk>/assign-licence/",
        api.AssignView.as_view(),
        name="api-customer-user-assign-licence",
    ),
    path(
        "customer-users/<int:pk>/remove-licence/",
        api.RemoveView.as_view(),
        name="api-customer-user-remove-licence",
    ),
]
