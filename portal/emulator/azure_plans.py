"""The Azure subscriptions under an Azure plan: every plan comes with a few, which can be cancelled and brought back.

A savings plan is of the same kind and has none. Only ``compromise`` is a reason (facts azureEntitlements).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.emulator import render
from portal.emulator.audit import Event
from portal.emulator.changes import lower_names
from portal.emulator.errors import Refusal
from portal.emulator.ids import guid, seeded
from portal.emulator.model import JSON, Account, Actor, Subscription

if TYPE_CHECKING:
    from portal.emulator.store import Store

NAMES = ("Production", "Test", "Sandbox")


@dataclass(slots=True)
class AzureSubscription:
    """One Azure subscription of a plan."""

    id: str
    name: str
    status: str = "active"


class AzurePlans:
    """What was changed, by plan id; the rest comes from the seed. The caller holds the store's lock."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._changed: dict[str, list[AzureSubscription]] = {}

    def changed(self) -> dict[str, list[AzureSubscription]]:
        return dict(self._changed)

    def restore(self, changed: dict[str, list[AzureSubscription]]) -> None:
        self._changed = dict(changed)

    def of(self, customer_id: str, plan_id: str) -> list[JSON]:
        """Return those of a plan. Raise ``Refusal``: 20003 for an unknown one, 800111 for what is none."""
        _account, plan = self._plan(customer_id, plan_id)
        return [_json(plan, one) for one in self._of(plan)]

    def one(self, customer_id: str, plan_id: str, wanted: str) -> JSON:
        """Return one. Raise ``Refusal`` (404, 800111) for an unknown id."""
        _account, plan = self._plan(customer_id, plan_id)
        return _json(plan, _find(self._of(plan), wanted))

    def cancel(self, place: tuple[str, str, str], body: object, actor: Actor) -> JSON:
        """Cancel one. Raise ``Refusal``: 900307 for any other reason."""
        reason = str(lower_names(body).get("cancellationreason", "")).lower()
        return self._move(place, "inactive", actor, code=0 if reason == "compromise" else 900307)

    def reactivate(self, place: tuple[str, str, str], actor: Actor) -> JSON:
        """Bring one back."""
        return self._move(place, "active", actor)

    def _move(
        self, place: tuple[str, str, str], status: str, actor: Actor, *, code: int = 0
    ) -> JSON:
        customer_id, plan_id, wanted = place
        account, plan = self._plan(customer_id, plan_id)
        rows = self._of(plan)
        found = _find(rows, wanted)
        old = _json(plan, found)
        # Which code a wrong status gets is not documented.
        refused = code or (800040 if found.status == status or plan.status != "active" else 0)
        if refused:
            self._record(account, actor, "failed", old)
            raise Refusal(refused)
        found.status = status
        self._changed[plan.id] = rows
        self._record(account, actor, "succeeded", old, _json(plan, found))
        return _json(plan, found)

    def _plan(self, customer_id: str, plan_id: str) -> tuple[Account, Subscription]:
        account, plan = self._store.subscription(customer_id, plan_id)
        if not plan.item.is_azure_plan:
            raise Refusal(800111)
        return account, plan

    def _of(self, plan: Subscription) -> list[AzureSubscription]:
        kept = self._changed.get(plan.id)
        if kept is not None:
            return kept
        random = seeded(self._store.settings.seed, "azure", plan.id)
        return [AzureSubscription(guid(random), name) for name in NAMES[: random.randint(2, 3)]]

    def _record(
        self, account: Account, actor: Actor, status: str, old: JSON, new: JSON | None = None
    ) -> None:
        event = Event(
            account.customer, "azure_entitlement", "update_subscription", status, old, new
        )
        self._store.audit.write(event, actor, self._store.clock.now())


def _find(rows: list[AzureSubscription], wanted: str) -> AzureSubscription:
    for one in rows:
        if one.id == wanted.lower():
            return one
    raise Refusal(800111)


def _json(plan: Subscription, one: AzureSubscription) -> JSON:
    place = f"/customers/{plan.customer_id}/subscriptions/{plan.id}/azureEntitlements/{one.id}"
    return {
        "id": one.id,
        "friendlyName": one.name,
        "status": one.status,
        "subscriptionId": plan.id,
        "links": {"self": render.link(place)},
    }
