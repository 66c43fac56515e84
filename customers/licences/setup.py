"""What licences enter in the registries."""

from django.utils.translation import gettext_lazy as _

from customers import demand
from customers.licences import actions, bulk, delivery, intake, queries, rules, sync, views
from customers.licences import demand as reading
from customers.users import queries as users
from customers.users.part import PEOPLE
from portal.access.http import scope_of
from portal.lists.intake import columns
from portal.ui import directory, menu, panels, sentences


def setup() -> None:
    """Enter it; called once from AppConfig.ready."""
    sync.setup()
    delivery.register()
    bulk.register()
    demand.register(reading.PART)
    columns.enter(intake.COLUMNS)
    sentences.register(intake.WORDS | rules.WORDS)
    directory.register(
        directory.Entry(
            views.LICENCES,
            lambda request: queries.listed(scope_of(request), directory.parent(request)),
            "licences",
            right=views.VIEW,
            icon="key",
            order=25,
            selectable=False,
        )
    )
    menu.register(menu.Item(_("Licences"), "licences", icon="key", order=25, right=views.VIEW))
    panels.register(
        actions.TARGET,
        panels.Panel(
            "licences", _("Licences"), "customer_user_licences", order=20, right=users.RIGHT
        ),
    )
    panels.register(
        PEOPLE,
        panels.Panel(
            "licences", _("Licences by product"), "customer_licences", order=30, right=views.VIEW
        ),
    )
