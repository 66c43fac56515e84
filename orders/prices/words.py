"""Rules in words."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.catalogue.models import Segment
from orders.prices.models import PriceRule, RuleKind
from portal.ui import formats

SEGMENTS = dict(Segment.choices)
STATES = {
    "running": gettext_lazy("In force"),
    "coming": gettext_lazy("To come"),
    "ended": gettext_lazy("Ended"),
}


def value(rule: PriceRule) -> str:
    """What is charged: a percentage of what, or an amount and how often."""
    if rule.kind == RuleKind.FIXED:
        return f"{formats.money(rule.value, rule.currency)}, {formats.billing(rule.cycle)}"
    number = formats.number(rule.value)
    if rule.kind == RuleKind.DISCOUNT:
        return _("%(n)s%% off the list price") % {"n": number}
    if rule.reseller_id is None:
        return _("%(n)s%% on cost") % {"n": number}
    return _("%(n)s%% on what you are charged") % {"n": number}


def product(rule: PriceRule) -> str:
    """What a rule is for."""
    title: str = getattr(rule, "product_title", None) or ""
    return title or rule.product_pc_id or _("Any product")


def item(rule: PriceRule) -> str:
    """The ids of what a rule is for."""
    return ":".join(filter(None, (rule.product_pc_id, rule.sku_pc_id)))


def whom(rule: PriceRule) -> str:
    """Whom alone a rule is for."""
    names = [str(one) for one in (rule.for_reseller, rule.customer) if one is not None]
    if rule.segment:
        names.append(str(SEGMENTS.get(rule.segment, rule.segment)))
    return ", ".join(names)


def state(rule: PriceRule, today: dt.date) -> str:
    """Whether a rule is in force on a day."""
    if rule.valid_from > today:
        return "coming"
    return "ended" if rule.valid_to and rule.valid_to < today else "running"
