from django.urls import path

from orders.purchase_orders import api

urlpatterns = [
    path(
        "orders/<int:pk>/hand-in-purchase-order/",
        api.HandInView.as_view(),
        name="api-order-hand-in-purchase-order",
    ),
    path(
        "orders/<int:pk>/check-attachments/",
        api.AttachmentsView.as_view(),
        name="api-order-check-attachments",
    ),
]
