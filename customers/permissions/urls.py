from django.urls import path

from customers.permissions import views

urlpatterns = [
    path("permissions/", views.permissions, name="permissions"),
    path("<int:pk>/permissions/", views.customer_permissions, name="customer_permissions"),
    path(
        "<int:pk>/permissions/refresh/",
        views.permissions_refresh,
        name="customer_permissions_refresh",
    ),
    path(
        "<int:pk>/permissions/request/",
        views.request_permission,
        name="customer_permission_request",
    ),
    path("<int:pk>/permissions/end/", views.end_permission, name="customer_permission_end"),
]
