"""Customers and their indirect resellers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from customers import external, overview, queries, sync, views
        from customers.agreements import setup as agreements
        from customers.creating import setup as creating
        from customers.domains import setup as domains
        from customers.history import setup as history
        from customers.licences import setup as licences
        from customers.notes import setup as notes
        from customers.permissions import setup as permissions
        from customers.profiles import setup as profiles
        from customers.relationships import setup as relationships
        from customers.resellers import queries as reseller_queries
        from customers.resellers import views as resellers
        from customers.spending import setup as spending
        from customers.users import setup as users
        from portal.access.http import scope_of
        from portal.lists import objects
        from portal.ui import directory, menu, panels

        sync.setup()
        profiles.setup()
        agreements.setup()
        domains.setup()
        spending.setup()
        notes.setup()
        history.setup()
        licences.setup()
        creating.setup()
        relationships.setup()
        users.setup()
        permissions.setup()
        objects.register(external.TYPE)
        directory.register(
            directory.Entry(
                views.CUSTOMERS,
                lambda request: queries.customer_list(scope_of(request)),
                "customers",
                right="customers.view",
                icon="building",
                order=10,
            )
        )
        directory.register(
            directory.Entry(
                resellers.RESELLERS,
                lambda request: reseller_queries.reseller_list(scope_of(request)),
                "resellers",
                right="resellers.view",
                icon="building-store",
                order=15,
                selectable=False,
            )
        )
        menu.register(
            menu.Item(
                _("Indirect resellers"),
                "resellers",
                icon="building-store",
                order=15,
                right="resellers.view",
            )
        )
        menu.register(
            menu.Item(
                _("Customers"), "customers", icon="building", order=10, right="customers.view"
            )
        )
        overview.register()
        panels.register("customer", panels.Panel("overview", _("Overview"), "customer", order=10))
