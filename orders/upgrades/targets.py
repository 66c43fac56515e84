"""What Partner Center says a subscription can become, in one shape for its three calls.

``errors`` are Partner Center's reasons in our words; its own stand behind them where no code is documented.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.catalogue.models import Availability
from orders.scheduling import schedules
from orders.upgrades import kinds

if TYPE_CHECKING:
    from django.utils.functional import Promise

Words = Mapping[Any, "str | Promise"]
ONLY, WITH_LICENCES = "transition_only", "transition_with_license_transfer"
WAYS = {
    ONLY: gettext_lazy("Seats only: licences are assigned anew"),
    WITH_LICENCES: gettext_lazy("Seats with the licences of their people"),
}
# Codes of transitionEligibilities (facts, endpoints).
REASONS = {
    1: gettext_lazy("The subscription is not active."),
    2: gettext_lazy("It is still in its cancellation window. Cancel it instead, or wait."),
    3: gettext_lazy("Its term is shorter than that of the subscription it would come from."),
    4: gettext_lazy("It ends before the subscription that it would come from."),
}
CONFLICT = gettext_lazy("Some of its services conflict with what the customer has.")
# Codes of the upgrades of legacy offers (UpgradeError).
OLDER = {
    1: gettext_lazy("The partner has no delegated admin permissions for the customer."),
    2: REASONS[1],
    3: CONFLICT,
    4: gettext_lazy("Another change to it is still running."),
    5: gettext_lazy("It takes the consent of a person (App+User)."),
    6: gettext_lazy("Add-ons of the subscription bar the upgrade."),
    7: gettext_lazy("There is nothing that it could be upgraded to."),
    8: gettext_lazy("Partner Center does not know what it would become."),
    9: gettext_lazy("The subscription is not set up yet."),
}


@dataclass(frozen=True)
class Way:
    """One way to move seats, and why it is none."""

    slug: str
    label: str
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Into:
    """A subscription that is there and can take the seats."""

    pc_id: str
    name: str
    term: str
    cycle: str
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Target:
    """One product; ``most`` is the number of seats that can be moved.

    ``term`` is what the catalogue sells it for, of a trial's, which Partner Center tells without: "" if not read.
    """

    product: str
    title: str
    most: int
    cycle: str = ""
    term: str = ""
    order: str = ""
    ways: list[Way] = field(default_factory=list)
    into: list[Into] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether anything of it can be asked for."""
        if self.errors:
            return False
        return not self.ways or any(not way.errors for way in self.ways)

    @property
    def open_ways(self) -> list[tuple[str, str]]:
        """The ways that are open, for a select."""
        return [(way.slug, way.label) for way in self.ways if not way.errors]

    @property
    def open_into(self) -> list[Into]:
        """The subscriptions that can take seats."""
        return [one for one in self.into if not one.errors]


def read(kind: str, rows: Sequence[Mapping[str, Any]]) -> list[Target]:
    """The answer of the kind's call."""
    readers = {kinds.TRANSITION: _transition, kinds.OFFER: _offer, kinds.TRIAL: _trial}
    reader = readers.get(kind)
    return [reader(row) for row in rows] if reader else []


def with_terms(found: Sequence[Target], connection_id: int) -> list[Target]:
    """What a trial can become differs by term, which its answer leaves out: as the catalogue has it. One query."""
    rows = Availability.objects.filter(
        connection=connection_id, catalog_item_id__in={one.product for one in found}, gone_at=None
    )
    sold = {
        (item.upper(), str(one["billing_cycle"]).lower()): str(one["duration"])
        for item, terms in rows.values_list("catalog_item_id", "terms")
        for one in terms or ()
    }
    return [
        replace(one, term=sold.get((one.product.upper(), one.cycle.lower()), "")) for one in found
    ]


def _transition(row: Mapping[str, Any]) -> Target:
    product = str(row.get("catalogItemId") or "")
    return Target(
        product=product,
        title=str(row.get("title") or "") or schedules.product_name(product),
        most=int(row.get("quantity") or 0),
        ways=[_way(one) for one in row.get("eligibilities") or []],
        into=[_into(one) for one in row.get("subscriptionEligibilities") or []],
    )


def _way(row: Mapping[str, Any]) -> Way:
    slug = str(row.get("transitionType") or "")
    return Way(slug, str(WAYS.get(slug, slug)), _errors(row, row.get("errors")))


def _into(row: Mapping[str, Any]) -> Into:
    return Into(
        str(row.get("subscriptionId") or ""),
        str(row.get("subscriptionFriendlyName") or ""),
        str(row.get("subscriptionTermDuration") or ""),
        str(row.get("subscriptionBillingCycle") or ""),
        _errors(row, row.get("errors")),
    )


def _offer(row: Mapping[str, Any]) -> Target:
    offer = row.get("targetOffer") or {}
    return Target(
        product=str(offer.get("id") or ""),
        title=str(offer.get("name") or ""),
        most=int(row.get("quantity") or 0),
        errors=_errors(row, row.get("upgradeErrors"), OLDER),
    )


def _trial(row: Mapping[str, Any]) -> Target:
    product = str(row.get("targetOfferId") or "")
    return Target(
        product=product,
        title=schedules.product_name(product) or product,
        most=int(row.get("quantity") or 0),
        cycle=str(row.get("billingCycle") or ""),
        order=str(row.get("orderId") or ""),
    )


def _errors(row: Mapping[str, Any], errors: Any, known: Words = REASONS) -> list[str]:
    """Empty for what is eligible; never empty for what is not."""
    if row.get("isEligible"):
        return []
    found = [_reason(one, known) for one in errors or [] if isinstance(one, Mapping)]
    return found or [str(REASONS[1])]


def _reason(error: Mapping[str, Any], known: Words) -> str:
    """Our words for a documented code, unless Partner Center's own words are about something else."""
    told, code = str(error.get("description") or ""), error.get("code")
    if "conflicting" in told.lower():
        return str(CONFLICT)
    if code in known:
        return str(known[code])
    return _("Partner Center bars it: %(said)s") % {"said": told or str(code or "")}
