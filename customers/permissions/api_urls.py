from django.urls import path

from customers.permissions import api

urlpatterns = [
    path(
        "customers/<int:pk>/permissions/",
        api.PermissionsView.as_view(),
        name="api-customer-permissions",
    ),
    path(
        "customers/<int:pk>/request-permission/",
        api.RequestView.as_view(),
        name="api-customer-request-permission",
    ),
    path(
        "customers/<int:pk>/end-permission/",
        api.EndView.as_view(),
        name="api-customer-end-permission",
    ),
]
