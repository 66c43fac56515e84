from django.urls import include, path

from orders.views import batches, subscriptions, verbs

urlpatterns = [
    path("", include("orders.placed.urls")),
    path("catalogue/", include("orders.catalogue.urls")),
    path("subscriptions/", subscriptions.subscriptions, name="subscriptions"),
    path("subscriptions/many/seats/", batches.quantity, name="subscriptions_quantity"),
    path("subscriptions/many/suspend/", batches.suspend, name="subscriptions_suspend"),
    path("subscriptions/many/reactivate/", batches.reactivate, name="subscriptions_reactivate"),
    path("subscriptions/many/end-of-term/", batches.term_end, name="subscriptions_term_end"),
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
    path("subscriptions/<int:pk>/quantity/", verbs.quantity, name="subscription_quantity"),
    path("subscriptions/<int:pk>/suspend/", verbs.suspend, name="subscription_suspend"),
    path("subscriptions/<int:pk>/reactivate/", verbs.reactivate, name="subscription_reactivate"),
    path("subscriptions/<int:pk>/rename/", verbs.rename, name="subscription_rename"),
    path("subscriptions/<int:pk>/end-of-term/", verbs.term_end, name="subscription_term_end"),
    path(
        "customers/<int:pk>/subscriptions/",
        subscriptions.customer_subscriptions,
        name="customer_subscriptions",
    ),
]
