"""What can be known of a billing profile before it is sent: what is needed, and the market's address rules."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.refusing import RefusedError
from portal.reference.markets import Market, market

LABELS = {
    "company_name": gettext_lazy("Company"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "address_line1": gettext_lazy("Address"),
    "address_line2": gettext_lazy("Address, second line"),
    "postal_code": gettext_lazy("Postal code"),
    "city": gettext_lazy("City"),
    "state": gettext_lazy("State or region"),
}
NEEDED = ("company_name", "first_name", "last_name", "email", "address_line1", "city")
# The only rules for postal codes that are Partner Center's own.
STRICT = "US"


def check(values: dict[str, str], country: str) -> None:
    """Raise RefusedError for what Partner Center is known to refuse."""
    for name in NEEDED:
        if not values[name]:
            told = _("%(field)s is needed.") % {"field": LABELS[name]}
            raise RefusedError("missing", told, name)
    try:
        validate_email(values["email"])
    except ValidationError:
        raise RefusedError("email", _("This is no e-mail address."), "email") from None
    if (found := market(country)) is not None:
        _check_address(values, found)


def _check_address(values: dict[str, str], rules: Market) -> None:
    is_strict = rules.country == STRICT
    if rules.state_required and not values["state"]:
        raise RefusedError("state", _("This country needs a state or region."), "state")
    if is_strict and values["state"] not in rules.states:
        raise RefusedError("state", _("Write the state by its two letters."), "state")
    if rules.postal_code_required and not values["postal_code"]:
        raise RefusedError("postal_code", _("This country needs a postal code."), "postal_code")
    advice = postal_code(values["postal_code"], rules.country)
    if advice and is_strict:
        raise RefusedError("postal_code", advice, "postal_code")


def postal_code(value: str, country: str) -> str:
    """What is odd about a postal code; "" for one that looks as it should."""
    rules = market(country)
    if not value or rules is None or not rules.postal_code_regex:
        return ""
    if re.fullmatch(rules.postal_code_regex, value, re.IGNORECASE):
        return ""
    return _("The postal code does not look like one of this country, for example %(sample)s.") % {
        "sample": rules.postal_code_sample
    }
