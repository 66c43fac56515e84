"""From one product to a better one: transitions of new commerce.

A transition takes seats off its source at once and shows as completed a while later, or when its progress is
asked for a second time.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portal.emulator import instructions, render
from portal.emulator.audit import Event
from portal.emulator.catalogue import Item
from portal.emulator.changes import lower_names
from portal.emulator.clock import iso
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON, Account, Actor, Subscription, Transition, charge_end

if TYPE_CHECKING:
    from portal.emulator.store import Store

# What can be upgraded to what comes behind it in its row, as product:sku.
LADDERS = (
    ("CFQ7TTC0LH18:0001", "CFQ7TTC0LDPB:0001", "CFQ7TTC0LCHC:0002"),
    ("CFQ7TTC0LF8Q:0001", "CFQ7TTC0LF8R:0001", "CFQ7TTC0LF8S:0002"),
    ("CFQ7TTC0LF8R:0001", "CFQ7TTC0LFLX:0001", "CFQ7TTC0LFLZ:0002"),
    ("CFQ7TTC0LCHC:0002", "CFQ7TTC0LFLX:0001"),
)
ONLY, WITH_LICENCES = "transition_only", "transition_with_license_transfer"
COMPLETED_AFTER = timedelta(seconds=30)
# Codes of an eligibility (facts, endpoints): why it is none.
INACTIVE, IN_WINDOW, SHORTER, ENDS_BEFORE = 1, 2, 3, 4
_WHY = {
    INACTIVE: "The subscription is not active.",
    IN_WINDOW: "The subscription is in its cancellation window.",
    SHORTER: "The subscription's term duration is shorter than the source subscription's.",
    ENDS_BEFORE: "The subscription ends before the source subscription.",
}


class Upgrades:
    """Transitions, kept with their source; the caller holds the store's lock."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # New commerce

    def eligibilities(self, customer_id: str, subscription_id: str, kind: str) -> list[JSON]:
        """Return the targets with, for each way and each subscription, whether it can be."""
        account, source = self._store.subscription(customer_id, subscription_id)
        return [self._eligibility(account, source, item, kind) for item in _targets(source.item)]

    def _eligibility(self, account: Account, source: Subscription, item: Item, kind: str) -> JSON:
        errors = self._why_not(source, kind)
        same_sku = [
            one
            for one in account.subscriptions.values()
            if _sku(one.item) == _sku(item) and one.status == "active" and one.id != source.id
        ]
        return {
            "operationId": self._store.ids.guid(),
            "catalogItemId": item.offer_id,
            "title": item.title,
            "description": item.title,
            "quantity": source.quantity,
            "subscriptionEligibilities": [_into(source, one) for one in same_sku],
            "eligibilities": [
                {"isEligible": not errors, "transitionType": way, "errors": errors}
                for way in (ONLY, WITH_LICENCES)
            ],
            "attributes": {"objectType": "TransitionEligibility"},
        }

    def _why_not(self, source: Subscription, kind: str) -> list[JSON]:
        if source.status != "active":
            return [_error(INACTIVE)]
        now = self._store.clock.now()
        if kind != "scheduled" and source.cancel_until is not None and now <= source.cancel_until:
            return [_error(IN_WINDOW)]
        return []

    def start(self, customer_id: str, subscription_id: str, body: object, actor: Actor) -> JSON:
        """Transition seats and return what was started. Raise ``Refusal``, which leaves a record."""
        account, source = self._store.subscription(customer_id, subscription_id)
        old = render.subscription(source)
        try:
            sent, item, seats, into = self._checked(account, source, body)
        except Refusal:
            self._store.record(account, source, actor, "failed", old=old)
            raise
        self._store.touch(account)
        whole = seats == source.quantity and into is None
        from_item = source.item.offer_id
        target = self._move(account, source, item, seats, into)
        wire: JSON = {
            "operationId": self._store.ids.guid(),
            "fromCatalogItemId": from_item,
            "fromSubscriptionId": source.id,
            "toCatalogItemId": item.offer_id,
            "toSubscriptionId": target.id,
            "quantity": seats,
            "termDuration": target.item.term,
            "billingCycle": target.item.billing_cycle.capitalize(),
            "transitionType": str(sent.get("transitiontype") or ONLY),
            "attributes": {"objectType": "Transition"},
        }
        begun = Transition(wire, self._store.clock.now())
        source.transitions.append(begun)
        new = render.subscription(source)
        self._store.record(account, source, actor, "succeeded", old=old, new=new)
        if not whole and into is None:
            self.created(account, target, actor)
        return _shown(begun)

    def _checked(
        self, account: Account, source: Subscription, body: object
    ) -> tuple[JSON, Item, int, Subscription | None]:
        sent = lower_names(body)
        if source.status != "active":
            raise Refusal(800012)
        if self._why_not(source, "immediate"):
            raise Refusal(800020)
        item = _wanted(source, sent)
        seats = sent.get("quantity", source.quantity)
        if isinstance(seats, bool) or not isinstance(seats, int) or seats < 1:
            raise Refusal(900275)
        if seats > source.quantity:
            raise Refusal(900275)
        return sent, item, seats, self._existing(account, source, sent, item)

    def _existing(
        self, account: Account, source: Subscription, sent: JSON, item: Item
    ) -> Subscription | None:
        wanted = str(sent.get("tosubscriptionid") or "").lower()
        if not wanted:
            return None
        found = account.subscriptions.get(wanted)
        if found is source:
            raise Refusal(900259)
        if found is None or found.status != "active":
            raise Refusal(900258)
        if _sku(found.item) != _sku(item):
            raise Refusal(900260)
        if not _into(source, found)["isEligible"]:
            raise Refusal(900236)
        return found

    def _move(
        self,
        account: Account,
        source: Subscription,
        item: Item,
        seats: int,
        into: Subscription | None,
    ) -> Subscription:
        """Move the seats. All of them, to nothing that is there: the subscription itself becomes the other product."""
        # An immediate change of seats or product deletes what is scheduled (mid_term_change_drops_schedule).
        source.schedule, source.actions, source.next_charge = None, [], None
        source.version += 1
        if into is not None:
            into.quantity += seats
            into.version += 1
        if seats == source.quantity and into is None:
            source.item, source.lots = item, []
            return source
        if seats == source.quantity:
            source.status, source.lots = "deleted", []
        source.quantity -= seats if source.status == "active" else 0
        return into or self.new(account, source, item, seats)

    def new(self, account: Account, source: Subscription, item: Item, seats: int) -> Subscription:
        """A subscription of its own, with the cancel deadline of the one it came from (upgrade_inherits_window)."""
        now = self._store.clock.now()
        made = Subscription(
            id=self._store.ids.guid(),
            customer_id=source.customer_id,
            item=item,
            name=item.title,
            quantity=seats,
            status="active",
            created=now,
            start=now,
            last_day=None,
            order_id=self._store.ids.guid().replace("-", "")[:12],
            partner_id=source.partner_id,
            country=source.country,
        )
        made.begin_term(now, item.term)
        made.cancel_until = source.cancel_until
        made.charge_end = charge_end(now.date(), item.billing_cycle, now.date())
        account.subscriptions[made.id] = made
        account.changed()
        return made

    def created(self, account: Account, made: Subscription, actor: Actor) -> None:
        """Leave the audit record of a new subscription."""
        new = render.subscription(made)
        data = (("SubscriptionId", made.id),)
        event = Event(
            account.customer, "subscription", "create_subscription", "succeeded", None, new, data
        )
        self._store.audit.write(event, actor, self._store.clock.now())

    def transitions(self, customer_id: str, subscription_id: str, operation_id: str) -> list[JSON]:
        """Return those of a subscription, or the one with that operation id; looking lets them go on."""
        _account, source = self._store.subscription(customer_id, subscription_id)
        now = self._store.clock.now()
        for one in source.transitions:
            one.looks += 1
            if one.completed is None and (one.looks > 1 or now - one.started >= COMPLETED_AFTER):
                one.completed = now
        wanted = operation_id.lower()
        return [
            _shown(one) for one in source.transitions if wanted in {"", one.wire["operationId"]}
        ]


def _sku(item: Item) -> str:
    return f"{item.product_id}:{item.sku_id}"


def _targets(item: Item) -> list[Item]:
    """What stands behind it in its rows, on the same terms where those are sold."""
    own = _sku(item)
    names = [name for row in LADDERS if own in row for name in row[row.index(own) + 1 :]]
    found = []
    for name in dict.fromkeys(names):
        product_id, sku_id = name.split(":")
        ways = instructions.of_sku(product_id, sku_id)
        longer = [
            one for one in ways if instructions.months(one.term) >= instructions.months(item.term)
        ]
        same = [
            one
            for one in longer
            if (one.term, one.billing_cycle) == (item.term, item.billing_cycle)
        ]
        found += (same or longer)[:1]
    return found


def _wanted(source: Subscription, sent: JSON) -> Item:
    """The target on the terms that the body names. Raise ``Refusal``."""
    parts = str(sent.get("tocatalogitemid") or "").split(":")
    names = {_sku(item) for item in _targets(source.item)}
    if len(parts) != 3 or ":".join(parts[:2]).upper() not in names:
        raise Refusal(800020)
    term = str(sent.get("termduration") or source.item.term).upper()
    cycle = str(sent.get("billingcycle") or source.item.billing_cycle).lower()
    if instructions.months(term) < instructions.months(source.item.term):
        raise Refusal(900267)
    return instructions.sold(parts[0], parts[1], term, cycle)


def _error(code: int) -> JSON:
    return {"code": code, "description": _WHY[code]}


def _into(source: Subscription, one: Subscription) -> JSON:
    """Whether seats of ``source`` can go to a subscription that is there."""
    errors = []
    if instructions.months(one.item.term) < instructions.months(source.item.term):
        errors.append(_error(SHORTER))
    elif one.term_end < source.term_end:
        errors.append(_error(ENDS_BEFORE))
    return {
        "isEligible": not errors,
        "subscriptionId": one.id,
        "subscriptionFriendlyName": one.name,
        "subscriptionTermDuration": one.item.term,
        "subscriptionBillingCycle": one.item.billing_cycle,
        "errors": errors,
    }


def _shown(one: Transition) -> JSON:
    events = [_event("Started", one.started)]
    if one.completed is not None:
        events.append(_event("Completed", one.completed))
    return one.wire | {"Events": events}


def _event(status: str, at: datetime) -> JSON:
    return {
        "name": "Conversion",
        "status": status,
        "timestamp": iso(at),
        "attributes": {"objectType": "TransitionEvent"},
    }
