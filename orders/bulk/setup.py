"""The verbs for many and the ways to them, entered once from ``OrdersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from orders import actions, intake
from orders.bulk import azure, migrating, placed, shape, subscriptions, terms, upgrading
from orders.scheduling import intake as scheduled
from portal.lists.intake import columns
from portal.outbox.batches import registry
from portal.outbox.batches.registry import Entrance

# The buttons under the list of subscriptions, in order.
SUBSCRIPTIONS = (
    subscriptions.SEATS,
    terms.END,
    terms.NEXT_TERM,
    upgrading.UPGRADE,
    subscriptions.REACTIVATE,
    subscriptions.SUSPEND,
    terms.CANCEL_SCHEDULE,
    terms.LONGER,
    terms.BILLING,
    terms.SWITCH,
    subscriptions.REGISTER,
    subscriptions.CANCEL,
    subscriptions.RENAME,
)


def setup() -> None:
    """Verbs with their buttons, and what is offered on the page of batches."""
    shape.enter(subscriptions.LIST, SUBSCRIPTIONS)
    shape.enter(placed.LIST, (placed.CANCEL, placed.BILLING))
    shape.enter(azure.LIST, (azure.CANCEL, azure.REACTIVATE))
    shape.enter(migrating.LIST, (migrating.START, migrating.PLAN))
    shape.enter(migrating.PLANS, (migrating.GIVE_UP,))
    columns.enter(intake.COLUMNS)
    columns.enter(scheduled.COLUMNS)
    rename = actions.RIGHTS[actions.RENAME]
    schedule = actions.RIGHTS[actions.SCHEDULE_CHANGE]
    for label, url_name, right, icon in (
        (_("Choose subscriptions"), "subscriptions", "subscriptions.view", "license"),
        (_("Rename by file"), "subscriptions_rename_file", rename, "file-import"),
        (_("Next terms by file"), "subscriptions_schedule_file", schedule, "file-import"),
        (_("Choose orders"), "orders", placed.CANCEL.right, "shopping-cart"),
        (_("Choose Azure subscriptions"), "azure_subscriptions", azure.CANCEL.right, "cloud"),
        (_("Choose what to migrate"), "migratable", migrating.START.right, "repeat"),
    ):
        registry.enter(Entrance(label, url_name, right, icon=icon))
