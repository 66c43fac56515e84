"""Partner Center's error of a cart's line in words: what is wrong, and what to do about it.

All of ``cart_error_codes`` (new-commerce facts) are here, and what a check of the portal itself finds.
An order that was left out as a whole is told by a number of the other table.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.carts.models import CartLine
from portal.reference import errors as reference

GONE = "availability_gone"
# What an order that is left out is told by, whichever of its lines is wrong (error-codes).
OF_ORDER = "800009"
BASE = "base_offer_seat_quantity_not_met"
ATTEST = "attestation_not_accepted"

WORDS: dict[str, str | Promise] = {
    "unknown": gettext_lazy("Partner Center does not say what is wrong with this line."),
    "currency_is_not_supported": gettext_lazy("This is not sold in the customer's currency."),
    "catalog_item_id_is_not_valid": gettext_lazy(
        "This customer cannot buy this product. Choose it again from the catalogue."
    ),
    "quota_not_available": gettext_lazy(
        "The customer's quota for this product is used up. Ask for fewer, or remove the line."
    ),
    "inventory_not_available": gettext_lazy(
        "It is not in stock there. Check stock on its page, or choose another region."
    ),
    "participants_is_not_supported_for_partner": gettext_lazy(
        "This indirect reseller cannot be on record here. Choose another one for the cart."
    ),
    "unable_to_process_cart_line_item": gettext_lazy(
        "Partner Center cannot process this line. The customer may have it already."
    ),
    "subscription_is_not_valid": gettext_lazy(
        "The Azure subscription that this is bought for is not valid."
    ),
    "subscription_is_not_enabled_for_r_i": gettext_lazy(
        "The Azure subscription is not enabled for reservations."
    ),
    "sandbox_limit_exceeded": gettext_lazy("The limit of the sandbox is reached."),
    "invalid_input": gettext_lazy("A value of this line is not valid. Look at the quantity."),
    "subscription_not_registered": gettext_lazy(
        "The Azure subscription must be registered for this first."
    ),
    ATTEST: gettext_lazy("Its terms are not accepted. Change the line and accept them."),
    "billing_plan_not_supported": gettext_lazy(
        "It is not sold for this term and billing together. Choose another pair."
    ),
    "invalid_promotion_id": gettext_lazy(
        "The promotion is not for this line. Take it off, or choose another one."
    ),
    "max_allowed_seats_per_subscription_exceeded": gettext_lazy(
        "One subscription may not have that many seats. Lower the quantity."
    ),
    "invalid_custom_term_end_date_product": gettext_lazy(
        "This product cannot end on a day of choice. Take the end date off."
    ),
    "invalid_custom_term_end_date": gettext_lazy(
        "The term may not end on that day. Choose one of the days offered."
    ),
    BASE: gettext_lazy(
        "It is an add-on and its base product is missing. Add the base product to the cart."
    ),
    "minimum_add_on_seats_not_met": gettext_lazy(
        "The add-on is sold in a larger number only. Raise the quantity."
    ),
    "legacy_offer_not_eligible_for_purchase": gettext_lazy(
        "This legacy offer is no longer sold. Choose its successor in the catalogue."
    ),
    GONE: gettext_lazy("It is not sold like this any more. Change the line to choose anew."),
    OF_ORDER: gettext_lazy(
        "A line of the same order is wrong, so nothing of this order was bought."
    ),
}


# Older answers name them by number (cart-resources).
NUMBERS = {
    "0": "unknown",
    "10000": "currency_is_not_supported",
    "10001": "catalog_item_id_is_not_valid",
    "10002": "quota_not_available",
    "10003": "inventory_not_available",
    "10004": "participants_is_not_supported_for_partner",
    "10006": "unable_to_process_cart_line_item",
    "10007": "subscription_is_not_valid",
    "10008": "subscription_is_not_enabled_for_r_i",
    "10009": "sandbox_limit_exceeded",
    "10010": "invalid_input",
    "10011": "subscription_not_registered",
    "10012": ATTEST,
    "10015": "max_allowed_seats_per_subscription_exceeded",
}
_PLAIN = {name.replace("_", ""): name for name in WORDS}


@dataclass(frozen=True)
class Problem:
    """A line's error: our words, Partner Center's code, its own words, the id of its answer."""

    text: str
    code: str
    said: str = ""
    correlation_id: str = ""


def name(code: str) -> str:
    """A code as the facts spell it, however an answer does: in one word, or by its number."""
    told = NUMBERS.get(code, code).lower()
    return _PLAIN.get(told.replace("_", ""), told)


def words(code: str) -> str:
    """An error code in words: one of a line, or one of a whole order."""
    known = WORDS.get(name(code))
    if known:
        return str(known)
    if code in reference.CODES:
        return _(reference.CODES[code])
    return _("Partner Center refused this line.")


def of_line(line: CartLine) -> Problem | None:
    """The problem of a line, None for none."""
    if not line.error_code:
        return None
    return Problem(
        words(line.error_code), line.error_code, line.error_text, line.error_correlation_id
    )
