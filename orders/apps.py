"""Subscriptions (orders and carts follow)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self) -> None:
        from customers import hooks
        from orders import delivery, queries, sync
        from portal.ui import menu, panels

        sync.setup()
        delivery.register()
        menu.register(
            menu.Item(
                _("Subscriptions"),
                "subscriptions",
                icon="license",
                order=20,
                right="subscriptions.view",
            )
        )
        panels.register(
            "customer",
            panels.Panel(
                "subscriptions",
                _("Subscriptions"),
                "customer_subscriptions",
                order=20,
                right="subscriptions.view",
            ),
        )
        hooks.register_figures(queries.customer_figures)
