"""Customers and their indirect resellers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from customers import sync
        from portal.ui import menu, panels

        sync.setup()
        menu.register(
            menu.Item(
                _("Customers"), "customers", icon="building", order=10, right="customers.view"
            )
        )
        panels.register("customer", panels.Panel("overview", _("Overview"), "customer", order=10))
