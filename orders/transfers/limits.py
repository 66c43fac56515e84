"""What a transfer can move: data of Microsoft's that changes, kept in a table (``transfer-kinds.csv``)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.reference.tables import rows

WORDS: dict[str, Promise] = {
    "OnlineServicesNCE": _("Online services"),
    "AzureSubscription": _("Azure subscriptions"),
    "AzureReservation": _("Azure reservations"),
    "AzureSavingsPlan": _("Azure savings plans"),
    "Software": _("Software"),
    "SaaS": _("Marketplace"),
}


def choices() -> list[tuple[str, str | Promise]]:
    """Each ``targetProductTypes`` value with its words."""
    return [(row["kind"], WORDS.get(row["kind"], row["kind"])) for row in rows("transfer-kinds")]


def transfer_type() -> str:
    """The number by which new commerce is asked for (facts transfers: 3)."""
    return rows("transfer-kinds")[0]["transfer_type"]


def movable(product_type: str) -> bool:
    """Whether subscriptions of this product type can go; legacy ones, which have none, cannot."""
    known = {row["product_type"].lower() for row in rows("transfer-kinds")}
    return product_type.lower() in known
