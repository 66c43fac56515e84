from django.urls import path

from orders.views import subscriptions, verbs

urlpatterns = [
    path("subscriptions/", subscriptions.subscriptions, name="subscriptions"),
    path("subscriptions/<int:pk>/", subscriptions.subscription, name="subscription"),
    path(
        "subscriptions/<int:pk>/refresh/",
        subscriptions.subscription_refresh,
        name="subscription_refresh",
    ),
    path("subscriptions/<int:pk>/quantity/", verbs.quantity, name="subscription_quantity"),
    path("subscriptions/<int:pk>/suspend/", verbs.suspend, name="subscription_suspend"),
    path("subscriptions/<int:pk>/reactivate/", verbs.reactivate, name="subscription_reactivate"),
    path(
        "customers/<int:pk>/subscriptions/",
        subscriptions.customer_subscriptions,
        name="customer_subscriptions",
    ),
]
