"""The rules of PATCH on a subscription (new-commerce/facts.json), without HTTP.

The body is the whole resource as the caller wants it. What it leaves out of auto-renew and the
instructions for the next term or charge is reset; what may not change is refused.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.emulator import instructions, render
from portal.emulator.catalogue import Item
from portal.emulator.errors import Refusal
from portal.emulator.ids import Ids
from portal.emulator.model import JSON, WINDOW, Lot, Subscription

# Reasons that the partner set itself; with any other it cannot reactivate.
_OWN_REASONS = {"CustomerCancellation"}
# What goes with each choice for the end of the term (rule extended_service_term, pairs).
_PAIRS = {"RenewToNewTerm": True, "Cancel": False, "RenewToExtendedServiceTerm": False}
_MOVES = {
    ("active", "suspended"),
    ("suspended", "active"),
    ("active", "deleted"),
    ("suspended", "deleted"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The part of a PATCH body that a subscription can take over."""

    quantity: int
    status: str
    name: str
    auto_renew: bool
    schedule: JSON | None
    next_charge: JSON | None
    actions: list[JSON]
    partner_id: str
    term: str
    cycle: str
    etag: str | None

    def operation(self, item: Subscription) -> str:
        """Return which of the documented actions this is (README trap 9: told by the body)."""
        if self.status != item.status:
            moves = {"suspended": "SUSPEND_SUBSCRIPTION", "deleted": "CANCEL_SUBSCRIPTION"}
            return moves.get(self.status, "REACTIVATE_SUBSCRIPTION")
        if self.quantity != item.quantity:
            return "CHANGE_QUANTITY"
        if self.name != item.name:
            return "RENAME_SUBSCRIPTION"
        return self._of_terms(item)

    def _of_terms(self, item: Subscription) -> str:
        """Return it for a body that is about the term, this one or the next."""
        if self.term != item.item.term:
            return "CHANGE_SUBSCRIPTION_TERM"
        if self.cycle != item.item.billing_cycle:
            return "CHANGE_SUBSCRIPTION_CYCLE"
        if self.schedule is not None and self.schedule != item.schedule:
            return "SCHEDULE_CHANGE"
        if (self.auto_renew, self.actions) != (item.auto_renew, item.actions):
            return "SET_AUTO_RENEW"
        if self.next_charge != item.next_charge:
            return "CHANGE_SUBSCRIPTION_CYCLE"
        return "SCHEDULE_CHANGE" if self.schedule != item.schedule else "CHANGE_QUANTITY"


def lower_names(body: object) -> JSON:
    """Return an object with lower-case names; the service ignores case on request bodies."""
    if not isinstance(body, dict):
        raise Refusal(800002, "The body must be a JSON object.")
    return {str(name).lower(): value for name, value in body.items()}


def read(body: object, item: Subscription) -> Wanted:
    """Read a PATCH body for ``item``. Raise ``Refusal`` for wrong types and fixed properties."""
    values = lower_names(body)
    _refuse_fixed(values, item)
    actions = _actions(values)
    # The actions succeed the instructions: where both are sent only they count.
    schedule = None if actions else _object(values, "schedulednextterminstructions")
    return Wanted(
        quantity=_whole_number(values, item.quantity),
        status=_text(values, "status", item.status).lower(),
        name=_text(values, "friendlyname", item.name),
        auto_renew=_flag(values, "autorenewenabled"),
        schedule=schedule,
        # Read-only: kept if it is sent along, dropped if it is left out.
        next_charge=item.next_charge if _object(values, "nextchargeinstructions") else None,
        actions=actions,
        partner_id=_text(values, "partnerid", item.partner_id),
        term=(_text(values, "termduration", "") or item.item.term).upper(),
        cycle=(_text(values, "billingcycle", "") or item.item.billing_cycle).lower(),
        etag=_etag(values),
    )


def _refuse_fixed(values: JSON, item: Subscription) -> None:
    wanted = values.get("offerid")
    if wanted not in (None, "") and str(wanted).lower() != item.item.offer_id.lower():
        raise Refusal(800002, "The offer of a subscription cannot be changed.")
    if str(values.get("id") or item.id).lower() != item.id.lower():
        raise Refusal(800002, "The id of the body is not the id of the path.")


def _whole_number(values: JSON, current: int) -> int:
    value = values.get("quantity", current)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refusal(800002, "The quantity must be a whole number.")
    return value


def _text(values: JSON, name: str, current: str) -> str:
    value = values.get(name)
    if value is None:
        return current
    if not isinstance(value, str):
        raise Refusal(800002, f"The property {name} must be text.")
    return value


def _flag(values: JSON, name: str) -> bool:
    value = values.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Refusal(800002, f"The property {name} must be true or false.")
    return value


def _object(values: JSON, name: str) -> JSON | None:
    value = values.get(name)
    if value is None or isinstance(value, dict):
        return value
    raise Refusal(800002, f"The property {name} must be an object.")


def _actions(values: JSON) -> list[JSON]:
    """Read ``scheduledActions`` (facts.json subscription fields); an empty list for none."""
    found = values.get("scheduledactions")
    if found is None:
        return []
    if not isinstance(found, list):
        raise Refusal(800002, "The property scheduledactions must be a list.")
    return [_action(action) for action in found]


def _action(told: object) -> JSON:
    values = lower_names(told)
    schedule, action = str(values.get("scheduletype")), str(values.get("actiontype"))
    if schedule not in {"TermEnd", "CustomDate"} or action not in {*_PAIRS, "Transition"}:
        raise Refusal(800002, "A scheduled action is not valid.")
    assert isinstance(told, dict)
    return told


def _etag(values: JSON) -> str | None:
    attributes = values.get("attributes")
    if not isinstance(attributes, dict):
        return None
    etag = {str(name).lower(): value for name, value in attributes.items()}.get("etag")
    return etag if isinstance(etag, str) else None


def check_etag(item: Subscription, if_match: str | None, in_body: str | None) -> None:
    """Refuse a stale etag: 412 for If-Match, 400 for the body's (error 2055 in the table).

    A body may carry a text that is no etag of this resource at all, as the documented examples
    do; only one that is truly older is refused.
    """
    if if_match is not None:
        sent = if_match.strip().removeprefix("W/").strip('"')
        if sent != "*" and render.etag_version(sent, item.id) != item.version:
            raise Refusal(2055)
    version = render.etag_version(in_body, item.id) if in_body else None
    if version is not None and version != item.version:
        raise Refusal(2055, status=400)


def check(item: Subscription, wanted: Wanted, now: datetime) -> None:
    """Refuse what the rules forbid at ``now``; change nothing."""
    if item.status == "deleted":
        raise Refusal(2011)
    if item.benefit is not None:  # managed in the Azure portal (azure-purchase-savings-plan)
        raise Refusal(900321)
    if wanted.status != item.status:
        _check_status(item, wanted, now)
    elif item.status not in {"active", "suspended"}:
        raise Refusal(900277)
    if wanted.quantity != item.quantity:
        _check_quantity(item, wanted, now)
    _check_terms(item, wanted)
    if wanted.schedule is not None and wanted.schedule != item.schedule:
        _check_schedule(item, wanted)
    if wanted.actions != item.actions:
        _check_actions(item, wanted)


def _check_actions(item: Subscription, wanted: Wanted) -> None:
    """Each choice for the end of the term has its own auto-renew (rule extended_service_term)."""
    if item.item.is_azure_plan or item.item.is_software:
        raise Refusal(800095)
    for action in wanted.actions:
        if _PAIRS.get(str(action_type(action)), wanted.auto_renew) != wanted.auto_renew:
            raise Refusal(800093)


def action_type(action: JSON) -> str:
    """What a scheduled action does, however its name is spelt."""
    return str(lower_names(action).get("actiontype"))


def _check_schedule(item: Subscription, wanted: Wanted) -> None:
    """Scheduled changes need auto-renew (rule scheduled_change_needs_autorenew)."""
    if item.status == wanted.status == "suspended":
        raise Refusal(800091)
    if not wanted.auto_renew:
        raise Refusal(800093)
    if item.item.is_azure_plan or item.item.is_software:
        raise Refusal(800095)
    assert wanted.schedule is not None
    instructions.check(item, wanted.schedule)


def _check_terms(item: Subscription, wanted: Wanted) -> None:
    """In mid-term the term may only get longer (rule term_change); how it is billed may change."""
    product = item.item
    if (wanted.term, wanted.cycle) == (product.term, product.billing_cycle):
        return
    if item.status != "active":
        raise Refusal(800091)
    longer = wanted.term != product.term
    if not product.product_type:  # legacy: its billing cycle is changed on its order
        raise Refusal(800121 if longer else 2054)
    if item.is_trial:
        raise Refusal(800107 if longer else 800097)
    if product.is_azure_plan or product.is_software:
        raise Refusal(800121 if longer else 800097)
    if longer and instructions.months(wanted.term) < instructions.months(product.term):
        raise Refusal(800122)
    instructions.sold(product.product_id, product.sku_id, wanted.term, wanted.cycle)


def _check_status(item: Subscription, wanted: Wanted, now: datetime) -> None:
    if (item.status, wanted.status) not in _MOVES:
        raise Refusal(800040)
    if wanted.status == "deleted" and item.cancel_until is None:
        raise Refusal(900213)
    if wanted.status == "deleted" and item.cancel_until and now > item.cancel_until:
        raise Refusal(900117)
    if wanted.status == "active" and not _OWN_REASONS.issuperset(item.suspension_reasons):
        raise Refusal(800096)


def _check_quantity(item: Subscription, wanted: Wanted, now: datetime) -> None:
    if "suspended" in {item.status, wanted.status}:
        raise Refusal(2001)
    if item.is_trial or item.item.is_azure_plan:
        raise Refusal(800095)
    if wanted.quantity > item.item.largest:
        raise Refusal(800067)
    if wanted.quantity < item.item.smallest:
        raise Refusal(900275)
    if not item.item.product_type:  # legacy seats have no lots
        return
    less = item.quantity - wanted.quantity
    if less > 0 and item.item.is_software:
        raise Refusal(800090)
    if less > sum(lot.quantity for lot in item.open_lots(now)):
        raise Refusal(900214)


def apply(item: Subscription, wanted: Wanted, now: datetime, ids: Ids) -> None:
    """Take over a checked change and give the resource its next version."""
    schedule, actions, charge = wanted.schedule, wanted.actions, wanted.next_charge
    if wanted.term != item.item.term:
        # Rule mid_term_change_drops_schedule. The longer term begins now.
        item.item = _bought(item, wanted)
        item.begin_term(now, wanted.term)
        schedule, actions, charge = None, [], None
    elif wanted.cycle != item.item.billing_cycle:
        charge = instructions.next_charge(_bought(item, wanted), wanted.quantity)
    if wanted.quantity != item.quantity:
        _change_quantity(item, wanted.quantity, now, ids)
        # Rule mid_term_change_drops_schedule: sending it along does not keep it.
        schedule, actions = None, []
    if wanted.status != item.status:
        schedule = _change_status(item, wanted.status, schedule)
    item.name = wanted.name
    item.auto_renew = wanted.auto_renew
    item.schedule = schedule
    item.actions = actions if item.status == "active" else []
    item.next_charge = charge
    item.partner_id = wanted.partner_id
    item.version += 1


def _bought(item: Subscription, wanted: Wanted) -> Item:
    product = item.item
    return instructions.sold(product.product_id, product.sku_id, wanted.term, wanted.cycle)


def _change_status(item: Subscription, status: str, schedule: JSON | None) -> JSON | None:
    """Move to ``status`` and return what is left of the schedule."""
    item.status = status
    match status:
        case "suspended":
            item.suspension_reasons = ["CustomerCancellation"]
            return None
        case "deleted":
            item.lots = []
            return None
        case _:
            item.suspension_reasons = []
            return schedule


def _change_quantity(item: Subscription, quantity: int, now: datetime, ids: Ids) -> None:
    difference = quantity - item.quantity
    item.quantity = quantity
    item.lots = item.open_lots(now)
    if difference > 0:
        if not item.item.is_software:
            item.lots.append(Lot(difference, now + WINDOW))
        return
    _shrink(item.lots, -difference, ids)
    item.lots = [lot for lot in item.lots if lot.quantity]


def _shrink(lots: list[Lot], seats: int, ids: Ids) -> None:
    """Take seats off the lots, in an order that no caller can foresee: it is Microsoft's choice."""
    left = list(lots)
    while seats:
        lot = left.pop(ids.below(len(left)))
        taken = min(lot.quantity, seats)
        lot.quantity -= taken
        seats -= taken
