from django.urls import path

from orders.carts import line_api

urlpatterns = [
    path("carts/<int:pk>/add-line/", line_api.AddLineView.as_view(), name="api-cart-add-line"),
    path(
        "carts/<int:pk>/lines/<int:line>/change/",
        line_api.ChangeLineView.as_view(),
        name="api-cart-change-line",
    ),
    path(
        "carts/<int:pk>/lines/<int:line>/remove/",
        line_api.RemoveLineView.as_view(),
        name="api-cart-remove-line",
    ),
    path("carts/<int:pk>/copy/", line_api.CopyView.as_view(), name="api-cart-copy"),
    path("carts/<int:pk>/options/", line_api.OptionsView.as_view(), name="api-cart-options"),
    path("carts/<int:pk>/standing/", line_api.StandingView.as_view(), name="api-cart-standing"),
    path("carts/<int:pk>/check/", line_api.CheckView.as_view(), name="api-cart-check"),
    path("carts/<int:pk>/check-out/", line_api.CheckoutView.as_view(), name="api-cart-check-out"),
]
