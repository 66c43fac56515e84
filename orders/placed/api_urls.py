from django.urls import path

from orders.placed.read_api import ReadOrdersView

urlpatterns = [
    path(
        "customers/<int:pk>/read-orders/",
        ReadOrdersView.as_view(),
        name="api-customer-read-orders",
    ),
]
