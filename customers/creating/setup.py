"""What this room enters in the registries, once, from ``CustomersConfig.ready``."""

from customers.creating import bulk, delivery, first_role, intake
from portal.lists.intake import columns
from portal.ui import sentences


def setup() -> None:
    """Enter the verb, for one and for many."""
    delivery.register()
    first_role.register()
    bulk.register()
    columns.enter(intake.COLUMNS)
    sentences.register(intake.WORDS)
