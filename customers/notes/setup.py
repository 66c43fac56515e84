"""Everything that the room enters in registries; called once from ``CustomersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from portal.activity.kinds import kind
from portal.ui import panels


def setup() -> None:
    """The kinds of the log, and the tab."""
    kind("customer.tagged", _("Customer tagged {tag}"))
    kind("customer.untagged", _("Tag {tag} removed from customer"))
    kind("customer.noted", _("Note written on customer"))
    kind("customer.note_removed", _("Note on customer removed"))
    panels.register(
        "customer",
        panels.Panel("notes", _("Notes"), "customer_notes", order=80, right="customers.view"),
    )
