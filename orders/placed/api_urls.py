from django.urls import path

from orders.placed import verb_api
from orders.placed.read_api import ReadOrdersView

urlpatterns = [
    path(
        "customers/<int:pk>/read-orders/",
        ReadOrdersView.as_view(),
        name="api-customer-read-orders",
    ),
    path("orders/<int:pk>/cancel/", verb_api.CancelView.as_view(), name="api-order-cancel"),
    path(
        "orders/<int:pk>/change-billing-cycle/",
        verb_api.ChangeCycleView.as_view(),
        name="api-order-change-billing-cycle",
    ),
    path(
        "orders/<int:pk>/buy-add-on/",
        verb_api.BuyAddonView.as_view(),
        name="api-order-buy-add-on",
    ),
    path(
        "orders/<int:pk>/check-progress/",
        verb_api.ProgressView.as_view(),
        name="api-order-check-progress",
    ),
    path(
        "orders/<int:pk>/lines/<int:number>/activation-links/",
        verb_api.LinksView.as_view(),
        name="api-order-activation-links",
    ),
]
