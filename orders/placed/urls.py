from django.urls import path

from orders.placed import changing, following, views

urlpatterns = [
    path("customers/<int:pk>/orders/", views.customer_orders, name="customer_orders"),
    path("customers/<int:pk>/orders/read/", views.read_orders, name="customer_orders_read"),
    path("orders/", views.orders, name="orders"),
    path("orders/<int:pk>/", views.order, name="order"),
    path("orders/<int:pk>/refresh/", views.order_refresh, name="order_refresh"),
    path("orders/<int:pk>/progress/", following.order_progress, name="order_progress"),
    path("orders/<int:pk>/lines/<int:number>/links/", following.order_links, name="order_links"),
    path("orders/<int:pk>/cancel/", changing.cancel_order, name="order_cancel"),
    path("orders/<int:pk>/billing/", changing.order_billing, name="order_billing"),
    path("orders/<int:pk>/add-on/", changing.order_addon, name="order_addon"),
]
