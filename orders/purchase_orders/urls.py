from django.urls import path

from orders.purchase_orders import views

urlpatterns = [
    path("orders/<int:pk>/purchase-order/", views.hand_in, name="order_hand_in"),
    path("orders/<int:pk>/attachments/", views.attachments, name="order_attachments"),
]
