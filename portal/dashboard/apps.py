"""The staff home, the activity log and global search."""

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.activity.models import Happening


def _of_customer(request: HttpRequest) -> "QuerySet[Happening]":
    """What happened to the customer that a worker's request names."""
    from customers.queries import customer
    from portal.access.http import scope_of
    from portal.dashboard.activity_log import queries
    from portal.ui import directory

    scope = scope_of(request)
    return queries.of_customer(scope, customer(scope, directory.parent(request) or 0))


class DashboardConfig(AppConfig):
    name = "portal.dashboard"

    def ready(self) -> None:
        from portal.access.http import scope_of
        from portal.dashboard import mirror_age, overview, search_sources
        from portal.dashboard.activity_log import queries, views
        from portal.ui import directory, menu, panels, search, shell

        directory.register(
            directory.Entry(
                views.ACTIVITY,
                lambda request: queries.timeline(scope_of(request)),
                "activity",
                right=queries.RIGHT,
                icon="history",
                order=90,
                selectable=False,  # a row opens in its place
            )
        )
        directory.register(
            directory.Entry(
                views.OF_CUSTOMER,
                _of_customer,
                "customers",
                right=queries.RIGHT,
                icon="history",
                order=91,
                selectable=False,
                below=True,
            )
        )
        panels.register(
            "customer",
            panels.Panel(
                "activity", _("Activity"), "customer_activity", order=85, right=queries.RIGHT
            ),
        )
        menu.register(menu.Item(_("Home"), "home", icon="home", section=menu.TOP, order=1))
        menu.register(
            menu.Item(
                _("Activity"),
                "activity",
                icon="history",
                section=menu.INSIGHT,
                order=90,
                right="activity.view",
            )
        )
        for source in search_sources.SOURCES:
            search.register(source)
        overview.register()
        shell.set_mirror(mirror_age.of_request)
