from django.urls import path

from orders.carts import editing, inline, views

urlpatterns = [
    path("customers/<int:pk>/carts/", views.customer_carts, name="customer_carts"),
    path("carts/", views.carts, name="carts"),
    path("carts/new/", editing.new, name="cart_new"),
    path("carts/put/<int:sku>/", editing.put, name="cart_put"),
    path("carts/<int:pk>/", views.cart, name="cart"),
    path("carts/<int:pk>/edit/", editing.edit, name="cart_edit"),
    path("carts/<int:pk>/find/", editing.find, name="cart_find"),
    path("carts/<int:pk>/check/", views.check, name="cart_check"),
    path("carts/<int:pk>/checkout/", views.checkout, name="cart_checkout"),
    path("carts/<int:pk>/agreement/", views.agreement, name="cart_agreement"),
    path("carts/<int:pk>/copy/", editing.copy, name="cart_copy"),
    path("carts/<int:pk>/repair/", views.repair, name="cart_repair"),
    path("carts/<int:pk>/delete/", views.delete, name="cart_delete"),
    path("carts/<int:pk>/add/<int:sku>/", editing.line_add, name="cart_line_add"),
    path("carts/<int:pk>/prices/<int:sku>/", editing.line_prices, name="cart_line_prices"),
    path("carts/<int:pk>/options/<int:sku>/", editing.options, name="cart_options"),
    path("carts/<int:pk>/lines/<int:line>/", editing.line, name="cart_line"),
    path("carts/<int:pk>/lines/<int:line>/row/", inline.row, name="cart_row"),
    path("carts/<int:pk>/lines/<int:line>/remove/", editing.line_remove, name="cart_line_remove"),
]
