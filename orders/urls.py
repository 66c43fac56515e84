from django.urls import include, path

from orders.renewals import costing, ending, letters
from orders.views import batches, subscriptions, verbs

urlpatterns = [
    path("", include("orders.placed.urls")),
    path("", include("orders.carts.urls")),
    path("", include("orders.entitled.urls")),
    path("", include("orders.transfers.urls")),
    path("", include("orders.to_new_commerce.urls")),
    path("catalogue/", include("orders.catalogue.urls")),
    path("", include("orders.prices.urls")),
    path("subscriptions/", subscriptions.subscriptions, name="subscriptions"),
    path("subscriptions/many/seats/", batches.quantity, name="subscriptions_quantity"),
    path("subscriptions/many/suspend/", batches.suspend, name="subscriptions_suspend"),
    path("subscriptions/many/reactivate/", batches.reactivate, name="subscriptions_reactivate"),
    path("subscriptions/many/end-of-term/", batches.term_end, name="subscriptions_term_end"),
    path(
        "subscriptions/many/cancel-schedule/",
        batches.cancel_schedule,
        name="subscriptions_cancel_schedule",
    ),
    path("subscriptions/many/cancel/", batches.cancel, name="subscriptions_cancel"),
    path("subscriptions/rename/", batches.rename_file, name="subscriptions_rename_file"),
    path(
        "subscriptions/rename/template/",
        batches.rename_template,
        name="subscriptions_rename_template",
    ),
    path("subscriptions/<int:pk>/", subscriptions.subscription, name="subscription"),
    path(
        "subscriptions/<int:pk>/refresh/",
        subscriptions.subscription_refresh,
        name="subscription_refresh",
    ),
    path(
        "subscriptions/<int:pk>/detail/",
        subscriptions.subscription_detail,
        name="subscription_detail",
    ),
    path(
        "subscriptions/<int:pk>/detail/status/",
        subscriptions.subscription_detail_status,
        name="subscription_detail_status",
    ),
    path("subscriptions/", include("orders.scheduling.urls")),
    path("subscriptions/", include("orders.upgrades.urls")),
    path("subscriptions/", include("orders.asides.urls")),
    path("subscriptions/<int:pk>/quantity/", verbs.quantity, name="subscription_quantity"),
    path("subscriptions/<int:pk>/suspend/", verbs.suspend, name="subscription_suspend"),
    path("subscriptions/<int:pk>/reactivate/", verbs.reactivate, name="subscription_reactivate"),
    path("subscriptions/<int:pk>/rename/", verbs.rename, name="subscription_rename"),
    path("subscriptions/<int:pk>/end-of-term/", ending.term_end, name="subscription_term_end"),
    path("subscriptions/<int:pk>/what-if/", costing.of_subscription, name="subscription_what_if"),
    path("customers/<int:pk>/what-if/", costing.of_customer, name="customer_what_if"),
    path("customers/<int:pk>/renewals/write/", letters.write, name="customer_renewals_write"),
    path("renewals/", include("orders.renewals.urls")),
    path(
        "customers/<int:pk>/subscriptions/",
        subscriptions.customer_subscriptions,
        name="customer_subscriptions",
    ),
]
