from django.urls import path

from orders.prices.term_api import ReadSheetsView, SubscriptionPricesView

urlpatterns = [
    path(
        "subscriptions/<int:pk>/prices/",
        SubscriptionPricesView.as_view(),
        name="api-subscription-prices",
    ),
    path("read-price-sheets/", ReadSheetsView.as_view(), name="api-read-price-sheets"),
]
