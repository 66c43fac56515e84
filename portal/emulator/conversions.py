"""Upgrades of legacy offers, and trials that are bought: what came before the transitions of new commerce."""

from typing import TYPE_CHECKING

from portal.emulator import instructions, legacy, offers, render
from portal.emulator.changes import lower_names
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON, Actor, Subscription
from portal.emulator.upgrades import Upgrades

if TYPE_CHECKING:
    from portal.emulator.store import Store


class Conversions:
    """Both at once; the caller holds the store's lock."""

    def __init__(self, store: "Store", upgrades: Upgrades) -> None:
        self._store = store
        self._upgrades = upgrades

    # Legacy

    def upgrades(self, customer_id: str, subscription_id: str) -> list[JSON]:
        """Return what a legacy subscription can be upgraded to (transition-a-subscription)."""
        _account, source = self._store.subscription(customer_id, subscription_id)
        return [_upgrade(source, row) for row in _better(source)]

    def upgrade(self, customer_id: str, subscription_id: str, body: object, actor: Actor) -> JSON:
        """Upgrade a legacy subscription whole; what takes its place has a new id. Raise ``Refusal``."""
        account, source = self._store.subscription(customer_id, subscription_id)
        wanted = str(lower_names(lower_names(body).get("targetoffer")).get("id", "")).upper()
        row = next((one for one in _better(source) if str(one["id"]).upper() == wanted), None)
        if row is None or source.status != "active":
            raise Refusal(800012 if row else 800020)
        old = render.subscription(source)
        self._store.touch(account)
        item = legacy.item(str(row["id"]), source.item.billing_cycle)
        made = self._upgrades.new(account, source, item, source.quantity)
        source.status, source.lots = "deleted", []
        source.version += 1
        new = render.subscription(source)
        self._store.record(account, source, actor, "succeeded", old=old, new=new)
        self._upgrades.created(account, made, actor)
        return {
            "sourceSubscriptionId": source.id,
            "targetSubscriptionId": made.id,
            "upgradeType": 1,
            "upgradeErrors": [],
            "licenseErrors": [],
            "attributes": {"objectType": "UpgradeResult"},
        }

    # Trials

    def conversions(self, customer_id: str, subscription_id: str) -> list[JSON]:
        """Return how a trial can be bought; nothing for what is none."""
        _account, item = self._store.subscription(customer_id, subscription_id)
        if not item.is_trial or item.status != "active":
            return []
        return [
            {
                "offerId": item.item.offer_id,
                "targetOfferId": one.offer_id,
                "orderId": item.order_id,
                "quantity": item.quantity,
                "billingCycle": one.billing_cycle,
                "attributes": {"objectType": "Conversion"},
            }
            for one in instructions.of_sku(item.item.product_id, item.item.sku_id)
        ]

    def convert(self, customer_id: str, subscription_id: str, body: object, actor: Actor) -> JSON:
        """Let a trial be bought: it keeps its id and a term of its own begins. Raise ``Refusal``."""
        account, item = self._store.subscription(customer_id, subscription_id)
        sent = lower_names(body)
        if not item.is_trial or item.status != "active":
            raise Refusal(800020)
        cycle = str(sent.get("billingcycle") or "").lower()
        seats = sent.get("quantity", item.quantity)
        found = [
            one
            for one in instructions.of_sku(item.item.product_id, item.item.sku_id)
            if one.offer_id.lower() == str(sent.get("targetofferid") or "").lower()
        ]
        target = next((one for one in found if one.billing_cycle == cycle), None)
        if target is None:
            raise Refusal(800020 if not found else 900269)
        if isinstance(seats, bool) or not isinstance(seats, int):
            raise Refusal(900275)
        if not target.smallest <= seats <= target.largest:
            raise Refusal(900275)
        old = render.subscription(item)
        self._store.touch(account)
        trial_offer = item.item.offer_id
        item.item, item.quantity, item.is_trial = target, seats, False
        item.schedule, item.name = None, target.title
        item.begin_term(self._store.clock.now(), target.term)
        item.version += 1
        new = render.subscription(item)
        self._store.record(account, item, actor, "succeeded", old=old, new=new)
        return {
            "subscriptionId": item.id,
            "offerId": trial_offer,
            "targetOfferId": target.offer_id,
            "attributes": {"objectType": "ConversionResult"},
        }


def _better(source: Subscription) -> list[JSON]:
    """Legacy offers of its category that rank behind it; none for new commerce."""
    if source.item.product_type or source.item.sku_id:
        return []
    own = offers.offer(source.item.product_id)
    rows = [
        row
        for row in offers.offers().values()
        if row["category"] == own["category"]
        and not row["isAddOn"]
        and row["isAvailableForPurchase"]
        and int(row["rank"]) > int(own["rank"])
    ]
    return sorted(rows, key=lambda row: int(row["rank"]))[:3]


def _upgrade(source: Subscription, row: JSON) -> JSON:
    active = source.status == "active"
    why = {"code": 2, "description": "The state of the source subscription is not active."}
    return {
        "targetOffer": offers.offer_json(row, source.country, "en-US"),
        "upgradeType": "upgrade_only",
        "isEligible": active,
        "quantity": source.quantity,
        "upgradeErrors": [] if active else [why],
        "attributes": {"objectType": "Upgrade"},
    }
