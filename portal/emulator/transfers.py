"""Transfers of a customer's subscriptions between partners: asked for as the target, approved as the source.

The other partner of the emulator answers by itself: it approves what we ask for after ten minutes, and what we
approve is done ten minutes later. One request stands from the start, for the showcase's customer of legacy.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portal.emulator import catalogue, render
from portal.emulator.audit import Event
from portal.emulator.changes import lower_names
from portal.emulator.clock import iso
from portal.emulator.errors import Refusal
from portal.emulator.ids import guid, seeded, short_id
from portal.emulator.model import JSON, Account, Actor, Customer, Subscription

if TYPE_CHECKING:
    from portal.emulator.store import Store

PENDING, MOVING, DONE = "Pending", "InProgress", "Complete"
ENDS = {"cancel": "Cancelled", "reject": "Rejected"}
ANSWERED_AFTER = timedelta(minutes=10)
SHOWN = 6  # the customer for whom somebody has asked already
OTHER = "Woodgrove Cloud Services"


@dataclass(slots=True, kw_only=True)
class Transfer:
    """One transfer. ``is_source``: the subscriptions are ours and leave."""

    id: str
    customer_id: str
    is_source: bool
    other_id: str
    other_name: str
    status: str
    created: datetime
    modified: datetime
    completed: datetime | None = None
    email: str = ""
    partner: str = ""
    kinds: list[str] = field(default_factory=list)
    lines: list[JSON] = field(default_factory=list)


class Transfers:
    """Transfers by customer. The caller holds the store's lock."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._changed: dict[str, list[Transfer]] = {}

    def changed(self) -> dict[str, list[Transfer]]:
        return dict(self._changed)

    def restore(self, changed: dict[str, list[Transfer]]) -> None:
        self._changed = dict(changed)

    def settle(self, account: Account) -> None:
        """Let what the other partner does by itself happen, up to now."""
        now = self._store.clock.now()
        for one in self._changed.get(account.customer.id, []):
            if one.status == PENDING and not one.is_source and one.created + ANSWERED_AFTER <= now:
                one.status, one.modified = MOVING, one.created + ANSWERED_AFTER
            if one.status == MOVING and one.modified + ANSWERED_AFTER <= now:
                one.status, one.completed = DONE, one.modified + ANSWERED_AFTER
                self._move(account, one)

    def of(self, customer_id: str) -> list[JSON]:
        """Return a customer's transfers as they stand now."""
        account = self._store.account(customer_id)
        return [self._json(account.customer, one) for one in self._of(account.customer)]

    def one(self, customer_id: str, wanted: str) -> JSON:
        """Return one. Raise ``Refusal`` (404, 900100)."""
        customer = self._store.account(customer_id).customer
        return self._json(customer, _find(self._of(customer), wanted))

    def create(self, customer_id: str, body: object, actor: Actor) -> JSON:
        """Ask another partner for a customer's subscriptions. Raise ``Refusal``."""
        account, sent = self._store.account(customer_id), lower_names(body)
        rows = self._of(account.customer)
        source = str(sent.get("sourcepartnertenantid") or "").lower()
        now = self._store.clock.now()
        self._may_ask(account, rows, source, sent)
        made = Transfer(
            id=self._store.ids.guid(),
            customer_id=account.customer.id,
            is_source=False,
            other_id=source,
            other_name=str(sent.get("sourcepartnername") or ""),
            status=PENDING,
            created=now,
            modified=now,
            email=str(sent.get("customeremailid") or ""),
            partner=str(sent.get("partneronrecord") or ""),
            kinds=[str(one) for one in sent.get("targetproducttypes") or []],
        )
        self._changed[account.customer.id] = [*rows, made]
        return self._told(account, actor, "create_transfer", None, made)

    def update(self, customer_id: str, wanted: str, body: object, actor: Actor) -> JSON:
        """Accept or reject as the source, cancel as the target. Raise ``Refusal``."""
        account, sent = self._store.account(customer_id), lower_names(body)
        rows = self._of(account.customer)
        found = _find(rows, wanted)
        old = self._json(account.customer, found)
        asked = str(sent.get("status") or "").lower()
        mine = "cancel" if not found.is_source else "reject"
        if found.status != PENDING or asked not in {mine, "accept"}:
            raise Refusal(900102)
        if asked == "accept" and not found.is_source:
            raise Refusal(900137)
        if asked == "accept":
            found.lines = [_line(account, lower_names(one)) for one in sent.get("lineitems") or []]
            if not found.lines:
                raise Refusal(800078)
        found.status = ENDS.get(asked, MOVING)
        found.modified = self._store.clock.now()
        self._changed[account.customer.id] = rows
        return self._told(account, actor, "update_transfer", old, found)

    def _may_ask(self, account: Account, rows: list[Transfer], source: str, sent: JSON) -> None:
        if not source:
            raise Refusal(900136)
        if source == self._store.settings.tenant_id.lower():
            raise Refusal(900148)
        if any(one.other_id == source and one.status in {PENDING, MOVING} for one in rows):
            raise Refusal(900101)
        kinds = {str(one).lower() for one in sent.get("targetproducttypes") or []}
        plans = [one for one in account.subscriptions.values() if one.item.is_azure_plan]
        if kinds and all(kind.startswith("azure") for kind in kinds) and not plans:
            raise Refusal(900133)

    def _of(self, customer: Customer) -> list[Transfer]:
        kept = self._changed.get(customer.id)
        if kept is not None:
            return kept
        founded = self._store.dossiers.of(customer.id).founded is not None
        if founded or customer.index != SHOWN:
            return []
        random = seeded(self._store.settings.seed, "transfer", customer.index)
        at = self._store.anchor - timedelta(days=2)
        return [
            Transfer(
                id=guid(random),
                customer_id=customer.id,
                is_source=True,
                other_id=guid(random),
                other_name=OTHER,
                status=PENDING,
                created=at,
                modified=at,
                kinds=["OnlineServicesNCE"],
            )
        ]

    def _move(self, account: Account, one: Transfer) -> None:
        """Take away what we gave, or bring what we were given."""
        self._store.touch(account)
        if one.is_source:
            for line in one.lines:
                account.subscriptions.pop(line["subscriptionId"], None)
            return
        random = seeded(one.id)
        item = catalogue.seat_item("Microsoft 365 Business Standard", "P1Y")
        made = Subscription(
            id=guid(random),
            customer_id=account.customer.id,
            item=item,
            name=item.title,
            quantity=10,
            status="active",
            created=one.modified,
            start=one.modified,
            last_day=None,
            order_id=short_id(random),
            partner_id=one.partner,
            country=account.customer.country,
        )
        made.begin_term(one.modified, item.term)
        made.lots, made.cancel_until = [], None
        account.subscriptions[made.id] = made
        one.lines = [_as_line(made)]

    def _json(self, customer: Customer, one: Transfer) -> JSON:
        own = self._store.settings.tenant_id
        source, target = (own, one.other_id) if one.is_source else (one.other_id, own)
        answer: JSON = {
            "id": one.id,
            "status": one.status,
            "transferType": "3",
            "createdTime": iso(one.created),
            "lastModifiedTime": iso(one.modified),
            "customerName": customer.name,
            "customerTenantId": customer.id,
            "customerEmailId": one.email,
            "sourcePartnerTenantId": source,
            "sourcePartnerName": "" if one.is_source else one.other_name,
            "targetPartnerTenantId": target,
            "targetPartnerName": one.other_name if one.is_source else "",
            "targetProductTypes": one.kinds or None,
            "partnerOnRecord": one.partner,
            "lineItems": one.lines,
            "links": {"self": render.link(f"/customers/{customer.id}/transfers/{one.id}")},
            "attributes": {"objectType": "TransferEntity"},
        }
        return answer | ({"completedTime": iso(one.completed)} if one.completed else {})

    def _told(
        self, account: Account, actor: Actor, operation: str, old: JSON | None, one: Transfer
    ) -> JSON:
        new = self._json(account.customer, one)
        event = Event(account.customer, "transfer", operation, "succeeded", old, new)
        self._store.audit.write(event, actor, self._store.clock.now())
        return new


def _find(rows: list[Transfer], wanted: str) -> Transfer:
    for one in rows:
        if one.id == wanted.lower():
            return one
    raise Refusal(900100)


def _line(account: Account, sent: JSON) -> JSON:
    """A line of what is given away: active new commerce alone, no trial."""
    item = account.subscriptions.get(str(sent.get("subscriptionid") or "").lower())
    if item is None or item.status != "active" or item.is_trial or item.item.is_legacy:
        raise Refusal(800078)
    return _as_line(item)


def _as_line(item: Subscription) -> JSON:
    return {
        "id": item.id,
        "subscriptionId": item.id,
        "offerId": item.item.offer_id,
        "friendlyName": item.name,
        "quantity": item.quantity,
        "billingCycle": item.item.billing_cycle,
        "partnerIdOnRecord": item.partner_id,
        "addonItems": [],
    }
