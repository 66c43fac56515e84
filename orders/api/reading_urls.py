from django.urls import path

from orders.api import reading

urlpatterns = [
    path(
        "subscriptions/<int:pk>/read/",
        reading.ReadSubscriptionView.as_view(),
        name="api-subscription-read",
    ),
    path("orders/<int:pk>/read/", reading.ReadOrderView.as_view(), name="api-order-read"),
]
