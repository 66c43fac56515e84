from django.urls import path

from orders.placed import views

urlpatterns = [
    path("customers/<int:pk>/orders/", views.customer_orders, name="customer_orders"),
    path("customers/<int:pk>/orders/read/", views.read_orders, name="customer_orders_read"),
    path("orders/<int:pk>/", views.order, name="order"),
    path("orders/<int:pk>/refresh/", views.order_refresh, name="order_refresh"),
]
