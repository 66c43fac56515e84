"""A scheduled change in one shape, whichever form Partner Center tells it in, and back onto the wire.

The shape holds what is told and nothing else: quantity, product ("product:sku:availability"), term, cycle
(small letters), promotion, ends, and action where the newer form says more than to renew.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders import term_end
from portal.reference import products
from portal.ui import formats

Schedule = dict[str, Any]

RENEW = "RenewToNewTerm"
# What scheduledActions says of every subscription whose term end nobody has touched.
AS_BEFORE = frozenset({RENEW, "RenewToExtendedServiceTerm"})
OLDER, NEWER = "scheduledNextTermInstructions", "scheduledActions"
_IDS = ("productId", "skuId", "availabilityId")


def told(column: Mapping[str, Any] | None) -> Schedule | None:
    """What ``Subscription.scheduled_change`` schedules; None where the term is to end as ever."""
    if not column:
        return None
    product = {str(name).lower(): v for name, v in (column.get("product") or {}).items()}
    ids = [str(product.get(name.lower()) or "") for name in _IDS]
    parts = {
        "quantity": column.get("quantity"),
        "product": ":".join(ids) if all(ids) else "",
        "term": str(product.get("termduration") or "").upper(),
        "cycle": str(product.get("billingcycle") or "").lower(),
        "promotion": str(product.get("promotionid") or ""),
        "ends": str(column.get("customTermEndDate") or "")[:10],
    }
    found = {name: value for name, value in parts.items() if value not in (None, "")}
    action = str(column.get("actionType") or "")
    if action in AS_BEFORE:
        return (found | ({"action": action} if action != RENEW else {})) if found else None
    timed = {"scheduled": str(column["scheduleType"])} if column.get("effectiveDate") else {}
    return (found | ({"action": action} if action else {}) | timed) or None


def restorable(schedule: Schedule | None) -> bool:
    """Whether it can be written again: renewals with changes and the choices for the end of a term can."""
    if schedule is None or "scheduled" in schedule:
        return False
    action = schedule.get("action", "")
    return not action or (set(schedule) == {"action"} and term_end.of_action(action) is not None)


def wire(payload: Mapping[str, Any], schedule: Schedule | None) -> dict[str, Any]:
    """The resource with this schedule, or with none. A scheduled change needs auto-renew."""
    rest = {name: value for name, value in payload.items() if name not in (OLDER, NEWER)}
    if schedule is None:
        return rest
    choice = term_end.of_action(schedule.get("action", ""))
    if choice is not None:
        return term_end.wire(payload, choice)
    return rest | {"autoRenewEnabled": True, OLDER: _instructions(schedule)}


def _instructions(schedule: Schedule) -> dict[str, Any]:
    ids = str(schedule.get("product", "")).split(":")
    product = dict(zip(_IDS, ids, strict=True)) if len(ids) == len(_IDS) else {}
    for name, key in (("billingCycle", "cycle"), ("termDuration", "term")):
        if schedule.get(key):
            product[name] = schedule[key]
    if "billingCycle" in product:
        product["billingCycle"] = product["billingCycle"].capitalize()
    if schedule.get("promotion"):
        product["promotionId"] = schedule["promotion"]
    made: dict[str, Any] = {"product": product} if product else {}
    if schedule.get("quantity") is not None:
        made["quantity"] = schedule["quantity"]
    if schedule.get("ends"):
        made["customTermEndDate"] = f"{str(schedule['ends'])[:10]}T00:00:00Z"
    return made


def words(schedule: Mapping[str, Any] | None, offer_id: str = "") -> str:
    """A schedule in a line; the product is named where it is another SKU than ``offer_id``. "" for none."""
    if not schedule:
        return ""
    quantity = schedule.get("quantity")
    seats = "" if quantity is None else ngettext("%(n)s seat", "%(n)s seats", quantity)
    action = str(schedule.get("action") or "")
    choice = term_end.of_action(action)
    parts = [
        seats and seats % {"n": formats.count(quantity)},
        formats.term(schedule["term"]) if schedule.get("term") else "",
        formats.billing(schedule["cycle"]) if schedule.get("cycle") else "",
        str(schedule.get("title") or "")
        or product_name(str(schedule.get("product") or ""), offer_id),
        _until(str(schedule.get("ends") or "")),
        str(choice.label) if choice else action,
    ]
    return ", ".join(part for part in parts if part)


def _until(day: str) -> str:
    return _("until %(day)s") % {"day": formats.date_short(_day(day))} if day else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def product_name(product: str, offer_id: str = "") -> str:
    """What another product than that of ``offer_id`` is called; "" for the same SKU."""
    if not product or product.upper().split(":")[:2] == offer_id.upper().split(":")[:2]:
        return ""
    found = products.product(product)
    return (found.title if found else "") or product
