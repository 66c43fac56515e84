"""What Partner Center keeps of a customer beside name and subscriptions, as far as somebody changed it.

A dossier is made from the seed when it is asked for; one that was changed is kept.
"""

from dataclasses import dataclass, field

import msgspec

from portal.emulator import render
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON
from portal.reference.markets import market

_NEEDED = ("firstName", "lastName", "email", "companyName")
_NEEDED_ADDRESS = ("country", "city", "addressLine1")
_KEPT = (*_NEEDED, "culture", "language")
_KEPT_ADDRESS = (
    *_NEEDED_ADDRESS,
    "addressLine2",
    "state",
    "postalCode",
    "firstName",
    "lastName",
    "phoneNumber",
)


class Dossier(msgspec.Struct):
    """One customer's papers. ``billing`` is the billing profile as it was put, None as seeded.

    ``founded`` is what a customer brought that the seed knows nothing of, None for one of the seed.
    ``standing`` says why nothing is ordered for it, "" where orders go through (``vetting``).
    """

    customer_id: str
    billing: JSON | None = None
    billing_version: int = 1
    agreements: list[JSON] | None = None
    qualifications: list[JSON] | None = None
    budget: float | None = None
    domains: list[str] = []
    founded: JSON | None = None
    standing: str = ""


@dataclass
class Dossiers:
    """Those that differ from the seed, by customer id; the caller holds the store's lock.

    ``used_codes`` counts the uses of each validation code.
    """

    kept: dict[str, Dossier] = field(default_factory=dict)
    used_codes: dict[str, int] = field(default_factory=dict)

    def of(self, customer_id: str) -> Dossier:
        """Return a customer's dossier to read."""
        return self.kept.get(customer_id) or Dossier(customer_id)

    def keep(self, dossier: Dossier) -> None:
        """Remember one from now on: it differs from its seed."""
        self.kept[dossier.customer_id] = dossier

    def changed(self) -> list[Dossier]:
        """Those to write into the state file."""
        return list(self.kept.values())

    def restore(self, dossiers: list[Dossier]) -> None:
        """Take over what an earlier run left."""
        self.kept = {one.customer_id: one for one in dossiers}


def billing_wanted(body: object, country: str) -> tuple[JSON, str | None]:
    """Read the body of a PUT: the profile that is kept of it, and its etag.

    Raise ``Refusal`` for what the market's address rules or the profile's own forbid.
    """
    if not isinstance(body, dict):
        raise Refusal(800002)
    sent = _lower(body)
    address: JSON = _lower(sent.get("defaultaddress") or {})
    profile = {name: sent.get(name.lower()) or "" for name in _KEPT}
    kept = {name: address[name.lower()] for name in _KEPT_ADDRESS if address.get(name.lower())}
    for name in _NEEDED:
        if not profile[name]:
            raise Refusal(3000, f"The property {name} is required.")
    _check_email(str(profile["email"]))
    _check_address(kept, country)
    return profile | {"defaultAddress": kept}, _lower(sent.get("attributes") or {}).get("etag")


def check_etag(resource_id: str, version: int, if_match: str | None, in_body: str | None) -> None:
    """Refuse to overwrite what somebody else has changed: 412 for If-Match, 400 for the body's etag."""
    sent = (if_match or "").strip().removeprefix("W/").strip('"')
    if sent and sent != "*" and render.etag_version(sent, resource_id) != version:
        raise Refusal(2055)
    known = render.etag_version(in_body, resource_id) if in_body else None
    if known is not None and known != version:
        raise Refusal(2055, status=400)
    if not sent and known is None:
        raise Refusal(3000, "The etag of the billing profile is required.")


def _lower(content: JSON) -> JSON:
    return {str(name).lower(): value for name, value in content.items()}


def _check_email(text: str) -> None:
    name, at, host = text.partition("@")
    if not (name and at and "." in host.strip(".")) or " " in text:
        raise Refusal(3000, "The property email is not a valid e-mail address.")


def _check_address(address: JSON, country: str) -> None:
    for name in _NEEDED_ADDRESS:
        if not address.get(name):
            raise Refusal(3000, f"The property defaultAddress.{name} is required.")
    if address["country"] != country:
        raise Refusal(3000, "The country of a customer cannot be changed.")
    rules = market(country)
    if rules is None:
        return
    if rules.state_required and not address.get("state"):
        raise Refusal(3000, "The property defaultAddress.state is required in this country.")
    if rules.postal_code_required and not address.get("postalCode"):
        raise Refusal(3000, "The property defaultAddress.postalCode is required in this country.")
