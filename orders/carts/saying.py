"""A cart in words: its lines with what is wrong, what is missing before a checkout, what a checkout does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from customers.agreements.standing import MISSING
from orders.carts import contents, placing, problems, provisioning
from orders.carts.choices import Choice
from orders.carts.models import Cart, CartLine, CartState, LineState
from orders.carts.problems import Problem
from orders.carts.totals import Priced, is_by_use
from orders.catalogue.models import Availability, Sku
from orders.models import Order, Subscription
from orders.prices.quoting import Amount, Side
from portal.ui import formats

CSS = {
    LineState.NEW: "is-info",
    LineState.REFUSED: "is-bad",
    LineState.ORDERED: "is-info",
    LineState.ACTIVE: "is-ok",
    LineState.DONE: "is-ok",
    LineState.LATE: "is-warn",
}
CART_CSS = {CartState.OPEN: "is-info", CartState.ORDERED: "is-ok", CartState.PARTLY: "is-warn"}


@dataclass(frozen=True)
class Unit:
    """The price of one for a side; ``note`` is what it was without a promotion."""

    shown: str
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A line on the page: with its unit prices by side, and the local ids of what came of it."""

    line: CartLine
    units: list[Unit]
    subscription_id: int | None
    order_id: int | None
    choices: list[Choice] = field(default_factory=list)
    refused: str = ""

    @property
    def chosen(self) -> str:
        """The choice that it is, as a form sends it."""
        return f"{self.line.catalog_item_id}|{self.line.term}|{self.line.cycle}"

    @property
    def is_sold(self) -> bool:
        """Whether that is among those that are offered."""
        return any(one.key == self.chosen for one in self.choices)

    @property
    def css(self) -> str:
        """The shape of its state."""
        return CSS.get(LineState(self.line.state), "is-info")

    @property
    def problem(self) -> Problem | None:
        """What is wrong with it."""
        return problems.of_line(self.line)

    @property
    def notes(self) -> list[str]:
        """What a savings plan commits to, and the resellers beside the one on record."""
        found = []
        if told := self.line.commitment:
            amount = formats.number(Decimal(told["amount"]))
            words = _("%(amount)s %(currency)s by the hour")
            found.append(words % {"amount": amount, "currency": told["currency"]})
        if self.line.more_partner_ids:
            ids = ", ".join(self.line.more_partner_ids)
            found.append(_("Additional resellers: %(ids)s") % {"ids": ids})
        return found

    @property
    def billing(self) -> str:
        """Term and billing in words."""
        line = self.line
        parts = [formats.term(line.term) if line.term else "", formats.billing(line.cycle)]
        return ", ".join(part for part in parts if part)


def rows(cart: Cart, lines: Sequence[CartLine], priced: Priced) -> list[Row]:
    """The lines as the page shows them; two queries where something was ordered."""
    sold = _here(cart, Subscription, {line.subscription_pc_id for line in lines})
    ordered = _here(cart, Order, {line.order_pc_id for line in lines})
    return [
        Row(
            line=line,
            units=units,
            subscription_id=sold.get(line.subscription_pc_id),
            order_id=ordered.get(line.order_pc_id),
        )
        for line, units in zip(lines, _units(lines, priced), strict=True)
    ]


def _here(cart: Cart, model: type[Subscription | Order], ids: set[str]) -> dict[str, int]:
    """The local ids of these; no query where there is none."""
    wanted = ids - {""}
    rows = model.objects.filter(connection=cart.connection_id, pc_id__in=wanted)
    return dict(rows.values_list("pc_id", "pk")) if wanted else {}


def _units(lines: Sequence[CartLine], priced: Priced) -> list[list[Unit]]:
    """The prices of each line in the order of the sides; only its cost has a note."""
    return [
        [
            Unit(_money(line, one), note if side is Side.COST else "")
            for side, one in zip(priced.sides, amounts, strict=True)
        ]
        for line, amounts, note in zip(lines, priced.units, priced.notes, strict=True)
    ]


def _money(line: CartLine, amount: Amount | None) -> str:
    if amount is None:
        return _("billed by use") if is_by_use(line) else formats.DASH
    return formats.money(amount.value, amount.currency)


@dataclass(frozen=True)
class Lack:
    """Something that Partner Center will refuse the checkout for, with the page where it is mended."""

    text: str
    url: str = ""
    link: str = ""
    line_id: int | None = None
    title: str = ""


def lacks(cart: Cart, lines: Sequence[CartLine]) -> list[Lack]:
    """What is missing as far as the mirror knows, said before a checkout."""
    return [*_agreement(cart), *_lines(cart, lines)]


def _agreement(cart: Cart) -> list[Lack]:
    """What is not read yet is asked for by the page itself."""
    if contents.agreement(cart.customer) != MISSING:
        return []
    told = _("The customer has not accepted the Microsoft Customer Agreement.")
    url = reverse("customer_agreements", args=[cart.customer_id])
    return [Lack(told, url, _("Agreements & qualifications"))]


def _lines(cart: Cart, lines: Sequence[CartLine]) -> list[Lack]:
    needing = [one for one in lines if one.sku is not None and one.sku.prerequisite_skus]
    have = contents.owned(cart.customer) if needing else set()
    have |= {one.sku_name for one in lines}
    told = [(line, _problem(line, have)) for line in lines]
    return [Lack(text, line_id=line.pk, title=line.title) for line, text in told if text]


def _problem(line: CartLine, have: set[str]) -> str:
    sku = line.sku
    if line.error_code:
        return problems.words(line.error_code)
    if sku is None or sku.gone_at is not None:
        return problems.words(problems.GONE)
    if lacking := provisioning.missing(sku, line.provisioning):
        return _("to be told with the order: %(what)s") % {"what": lacking}
    if sku.is_attested and not line.attested:
        return problems.words(problems.ATTEST)
    return problems.words(problems.BASE) if lacks_base(sku, have) else ""


def lacks_base(sku: Sku, have: set[str]) -> bool:
    """Whether it is an add-on to none of these ("product:sku")."""
    wanted = set(sku.prerequisite_skus or ())
    return bool(sku.is_add_on and wanted and not wanted & have)


def points(cart: Cart, lines: Sequence[CartLine]) -> list[str]:
    """What a checkout does, beside what it costs."""
    found = []
    if cart.reseller is not None:
        told = _("%(reseller)s is on record as indirect reseller.")
        found.append(told % {"reseller": cart.reseller.name})
    else:
        found.append(_("No indirect reseller is on record."))
    more = {one for line in lines for one in line.more_partner_ids}
    if cart.reseller is not None and more:
        told = _("Additional resellers: %(ids)s")
        found.append(told % {"ids": ", ".join(sorted(more))})
    found += _repeated(lines)
    found += _windows(cart, lines)
    if any(line.term for line in lines):
        found.append(_("Subscriptions renew by themselves at the end of their term."))
    if cart.purchase_order:
        told = _("Purchase order: %(number)s") % {"number": cart.purchase_order}
        found.append(told)
    return found


def _repeated(lines: Sequence[CartLine]) -> list[str]:
    """Partner Center works on the lines in their order (rule promotion_order)."""
    names = [line.sku_name for line in lines]
    twice = {line.title for line in lines if names.count(line.sku_name) > 1}
    told = _("%(product)s: a promotion for a first purchase goes to the first of its lines.")
    return [told % {"product": title} for title in sorted(twice)]


def _windows(cart: Cart, lines: Sequence[CartLine]) -> list[str]:
    """Until when each can be given back, as the catalogue says; equal ones told once."""
    sold = contents.availabilities_of(cart, lines)
    told: dict[str, list[str]] = {}
    for line in lines:
        told.setdefault(_window(cart, line, sold), []).append(line.title)
    unsaid = _("the catalogue does not say until when it can be given back")
    return [f"{', '.join(names)}: {text or unsaid}" for text, names in told.items()]


def _window(cart: Cart, line: CartLine, sold: Mapping[str, Availability]) -> str:
    until = placing.until(cart, line, sold)
    if until is None:
        return ""
    return _("can be given back until %(when)s if it is ordered now") % {
        "when": formats.when(until)
    }
