"""Subscriptions, the orders that they came from, and the catalogue (carts follow)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self) -> None:
        from customers import hooks
        from customers.licences import hooks as licence_hooks
        from orders import (
            acts,
            ending,
            entering,
            external,
            history,
            queries,
            refusals,
            seats,
            sync,
        )
        from orders.bulk import setup as bulk
        from orders.carts import setup as carts
        from orders.catalogue import setup as catalogue
        from orders.entitled import setup as entitled
        from orders.placed import setup as placed
        from orders.prices import setup as prices
        from orders.purchase_orders import setup as purchase_orders
        from orders.renewals import setup as renewals
        from orders.to_new_commerce import setup as to_new_commerce
        from orders.transfers import setup as transfers
        from orders.views.subscriptions import SUBSCRIPTIONS
        from portal.access.http import scope_of
        from portal.lists import objects
        from portal.ui import directory, menu, panels

        for room in (
            sync,
            catalogue,
            placed,
            purchase_orders,
            carts,
            prices,
            renewals,
            entitled,
            transfers,
            to_new_commerce,
            bulk,
        ):
            room.setup()
        entering.register()
        history.register()
        refusals.register()
        acts.register()
        objects.register(external.TYPE)
        directory.register(
            directory.Entry(
                SUBSCRIPTIONS,
                lambda request: queries.listed(scope_of(request), directory.parent(request)),
                "subscriptions",
                right="subscriptions.view",
                icon="license",
                order=20,
            )
        )
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
        hooks.register_reseller_figures(queries.reseller_figures)
        hooks.register_active(ending.active_names)
        hooks.register_names(queries.product_names)
        licence_hooks.register(seats.ours, seats.Seller())
