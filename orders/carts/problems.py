"""Partner Center's error of a cart's line in words: what is wrong, and what to do about it.

All of ``cart_error_codes`` (new-commerce facts) are here, and what a check of the portal itself finds.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

GONE = "availability_gone"
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
}


@dataclass(frozen=True)
class Problem:
    """A line's error: our words, Partner Center's code, and its own words."""

    text: str
    code: str
    said: str = ""


def words(code: str) -> str:
    """An error code in words; one that nobody here knows is named as it came."""
    return str(WORDS.get(code.lower()) or _("Partner Center refused this line."))


def of_line(code: str, said: str) -> Problem | None:
    """The problem of a line, None for none."""
    return Problem(words(code), code, said) if code else None
