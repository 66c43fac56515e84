"""What was sold before new commerce: seats of a recorded legacy offer, whose id is the offer's alone."""

from functools import cache

from portal.emulator import offers
from portal.emulator.catalogue import Item

# What the showcase still owns: Office 365 E3, whose offer has recorded add-ons.
SUITE = "796b6b5f-613c-4e24-a17c-eba730d49c02"


@cache
def item(offer_id: str, billing_cycle: str = "monthly") -> Item:
    """Return a year of a legacy offer. Raise ``Refusal`` for an offer that nobody knows."""
    offer = offers.offer(offer_id)
    return Item(
        product_id=str(offer["id"]).lower(),
        sku_id="",
        availability_id="",
        title=str(offer["name"]),
        product_type="",
        term="P1Y",
        billing_cycle=billing_cycle,
        smallest=int(offer["minimumQuantity"]),
        largest=int(offer["maximumQuantity"]),
    )


def cycles(found: Item) -> frozenset[str]:
    """Return the billing cycles that its offer supports."""
    told = offers.offer(found.product_id)["supportedBillingCycles"]
    return frozenset(str(one).lower() for one in told)


def bases(offer_id: str) -> frozenset[str]:
    """Return the offers, in small letters, of which one must be owned for an add-on."""
    return frozenset(str(one).lower() for one in offers.offer(offer_id)["prerequisiteOffers"])
