from django.urls import include, path

from orders.api import verbs
from orders.api.history import HistoryView

urlpatterns = [
    path("", include("orders.renewals.api_urls")),
    path("", include("orders.carts.api_urls")),
    path("", include("orders.catalogue.api_urls")),
    path("subscriptions/", include("orders.scheduling.api_urls")),
    path("subscriptions/", include("orders.upgrades.api_urls")),
    path("subscriptions/", include("orders.asides.api_urls")),
    path(
        "subscriptions/<int:pk>/change-quantity/",
        verbs.ChangeQuantityView.as_view(),
        name="api-subscription-change-quantity",
    ),
    path(
        "subscriptions/<int:pk>/history/",
        HistoryView.as_view(),
        name="api-subscription-history",
    ),
    path(
        "subscriptions/<int:pk>/suspend/",
        verbs.SuspendView.as_view(),
        name="api-subscription-suspend",
    ),
    path(
        "subscriptions/<int:pk>/reactivate/",
        verbs.ReactivateView.as_view(),
        name="api-subscription-reactivate",
    ),
    path(
        "subscriptions/<int:pk>/rename/",
        verbs.RenameView.as_view(),
        name="api-subscription-rename",
    ),
    path(
        "subscriptions/<int:pk>/set-end-of-term/",
        verbs.TermEndView.as_view(),
        name="api-subscription-set-end-of-term",
    ),
]
