"""Everything that the room enters in registries; called once from ``CustomersConfig.ready``."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from customers import queries as customer_queries
from customers.models import UserState
from customers.users import bulk, everywhere, queries, rules, sync, verbs, views
from customers.users.part import PEOPLE
from portal.access.http import scope_of
from portal.ui import directory, menu, panels, sentences

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from customers.models import CustomerUser


def setup() -> None:
    """Families, verbs, the tab, the list on it, and the first tab of a user."""
    sync.setup()
    verbs.register()
    bulk.register()
    sentences.register(rules.WORDS)
    directory.register(
        directory.Entry(
            views.USERS,
            _rows,
            "customers",
            right=queries.RIGHT,
            icon="users",
            order=16,
            below=True,
        )
    )
    directory.register(
        directory.Entry(
            everywhere.ALL_USERS,
            lambda request: queries.users(scope_of(request)),
            "all_customer_users",
            right=queries.RIGHT,
            icon="users",
            order=17,
        )
    )
    menu.register(
        menu.Item(
            _("Customers' users"),
            "all_customer_users",
            icon="users",
            order=24,
            right=queries.RIGHT,
        )
    )
    panels.register(
        "customer", panels.Panel("users", _("Users & licences"), order=30, within=PEOPLE)
    )
    panels.register(
        PEOPLE, panels.Panel("users", _("Users"), "customer_users", order=10, right=queries.RIGHT)
    )
    panels.register(
        PEOPLE,
        panels.Panel(
            "deleted",
            _("Deleted users"),
            "customer_users",
            order=20,
            right=queries.RIGHT,
            query=f"state={UserState.INACTIVE.value}",
        ),
    )
    panels.register(
        rules.TARGET,
        panels.Panel("account", _("Account"), "customer_user", order=10, right=queries.RIGHT),
    )


def _rows(request: HttpRequest) -> "QuerySet[CustomerUser]":
    """The users of the customer that a worker's request names."""
    scope = scope_of(request)
    customer = customer_queries.customer(scope, directory.parent(request) or 0)
    return queries.of_customer(scope, customer)
