"""What this room enters in the registries, once, from ``CustomersConfig.ready``."""

from customers.creating import bulk, delivery, intake
from portal.lists.intake import columns
from portal.ui import sentences


def setup() -> None:
    """Enter the verb, for one and for many."""
    delivery.register()
    bulk.register()
    columns.enter(intake.COLUMNS)
    sentences.register(intake.WORDS)
