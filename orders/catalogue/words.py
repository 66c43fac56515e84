"""What it takes to buy a SKU, in words, before anybody tries: said from what the catalogue says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders.catalogue.models import Availability, Offer, Segment, Sku, View
from portal.reference import products
from portal.ui import formats

ENDLESS = 1_000_000
"""A maximum from here on says that there is none."""

_SEGMENTS = dict(Segment.choices)
_VIEWS = dict(View.choices)

PREREQUISITES = {
    "microsoftcustomeragreement": gettext_lazy(
        "The customer must have accepted the Microsoft Customer Agreement."
    ),
    "microsoftcloudagreement": gettext_lazy(
        "The customer must have accepted the Microsoft Cloud Agreement."
    ),
    "azuresubscriptionregistration": gettext_lazy(
        "An Azure subscription of the customer must be registered for it first."
    ),
    "inventorycheck": gettext_lazy("Stock must be checked before it is ordered."),
}
ELIGIBLE = {
    Segment.EDUCATION: gettext_lazy("Only for customers that are qualified for education."),
    Segment.GOVERNMENT: gettext_lazy("Only for customers that are qualified for government."),
    Segment.NONPROFIT: gettext_lazy("Only for customers that are qualified as nonprofit."),
}
VARIABLES = {
    "customerid": gettext_lazy("the customer"),
    "azuresubscriptionid": gettext_lazy("the Azure subscription"),
    "subscriptionid": gettext_lazy("the Azure subscription"),
    "armregionname": gettext_lazy("the Azure region"),
    "scope": gettext_lazy("whether one subscription uses it or all share it"),
    "duration": gettext_lazy("the length"),
}


@dataclass(frozen=True)
class Needs:
    """What a SKU takes. ``owned`` are the SKUs of which the customer must own one, as far as they were read.

    ``unread`` names those that were not: whether they are sold in this market is not known. ``others`` counts
    those that nobody here has a name for.
    """

    points: list[str]
    owned: list[Sku] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    others: int = 0

    @property
    def others_text(self) -> str:
        """How many more there are, without a name."""
        if not self.others:
            return ""
        return ngettext(
            "and %(n)s more that has no name here",
            "and %(n)s more that have no name here",
            self.others,
        ) % {"n": self.others}


def needs(sku: Sku, sold: Sequence[Availability], known: dict[str, Sku]) -> Needs:
    """Everything that the catalogue asks for, most important first."""
    names = list(dict.fromkeys(sku.prerequisite_skus or ()))
    owned = [one for name, one in known.items() if name in names]
    found = [products.product(name) for name in names if name not in known]
    unread = sorted({one.title for one in found if one is not None and one.title})
    return Needs(
        points(sku, sold), owned, unread, sum(one is None or not one.title for one in found)
    )


def points(sku: Sku, sold: Sequence[Availability]) -> list[str]:
    """The same as sentences, but for what must be owned."""
    found = [*_sold(sold), *_kind(sku)]
    found += [
        str(
            PREREQUISITES.get(name.lower())
            or _("Partner Center asks for: %(name)s.") % {"name": name}
        )
        for name in sku.purchase_prerequisites or ()
    ]
    if told := sku.least_commitment:
        least = {"amount": formats.number(Decimal(told["amount"])), "currency": told["currency"]}
        found.append(_("It commits to %(amount)s %(currency)s by the hour at least.") % least)
    if asked := variables(sku.provisioning_variables):
        found.append(_("To be told with the order: %(what)s.") % {"what": ", ".join(asked)})
    return found


def _sold(sold: Sequence[Availability]) -> list[str]:
    """For whom, and whether at all."""
    if not sold:
        return []
    if not any(one.is_purchasable for one in sold):
        return [_("It is not sold any more.")]
    segments = {one.segment for one in sold if one.is_purchasable}
    if Segment.COMMERCIAL in segments:
        return []
    return [str(ELIGIBLE[Segment(one)]) for one in sorted(segments) if one in ELIGIBLE]


def _kind(sku: Sku) -> list[str]:
    found = []
    if sku.is_trial:
        found.append(_("It is a trial."))
    if sku.is_add_on:
        told = (
            _("It is an add-on: the customer must own one of the products below.")
            if sku.prerequisite_skus
            else _("It is an add-on. Partner Center does not say to which products.")
        )
        found.append(told)
    if sku.is_attested:
        found.append(_("Its terms must be accepted in the cart."))
    return found


def variables(names: Iterable[str] | None) -> list[str]:
    """What has to be told, each once."""
    words = [str(VARIABLES.get(name.lower(), name)) for name in names or ()]
    return list(dict.fromkeys(words))


def quantity(sku: Sku | Offer) -> str:
    """How many can be bought at once."""
    least, most = sku.minimum or 1, sku.maximum
    if most is None or most >= ENDLESS:
        return _("%(least)s or more") % {"least": formats.count(least)}
    if least == most:
        return formats.count(least)
    return _("%(least)s to %(most)s") % {
        "least": formats.count(least),
        "most": formats.count(most),
    }


def segment(value: str) -> str | Promise:
    """A segment, or what the wire says."""
    return _SEGMENTS.get(value, value)


def view(value: str) -> str | Promise:
    """The kind of product."""
    return _VIEWS.get(value, value)


def listed(values: Iterable[object]) -> str:
    """Words with commas."""
    return ", ".join(str(one) for one in values)


def unique(lists: Iterable[Sequence[str] | None] | None) -> list[str]:
    """One list of what several lists hold."""
    return sorted({value for one in lists or () for value in one or ()})


def terms(lists: Iterable[Sequence[str] | None] | None) -> str:
    """Lengths, the shortest first."""
    return listed(formats.term(one) for one in sorted(unique(lists), key=_length))


def _length(duration: str) -> tuple[int, str]:
    return ("MY".find(duration[-1:]), duration)


def cycles(lists: Iterable[Sequence[str] | None] | None) -> str:
    """Ways of billing."""
    return listed(formats.billing(one) for one in unique(lists))


def refund(until: str) -> str:
    """Until when it can be given back, from an ISO length."""
    return _("can be given back within %(time)s") % {"time": formats.term(until)} if until else ""


def kinds(sku: Sku | Offer) -> list[str]:
    """What it is: bought by itself, beside another, to try out."""
    found = [_("Trial")] if sku.is_trial else []
    return [*found, _("Add-on") if sku.is_add_on else _("By itself")]
