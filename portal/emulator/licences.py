"""Licences: what a customer's tenant owns, from its subscriptions, and which user holds which.

Units belong to the tenant, not to us: some tenants bought seats elsewhere, too, so that their units are
more than our subscriptions sell. Who holds what is drawn from the seed on first use; what somebody
changed stays.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from portal.emulator.audit import Event
from portal.emulator.catalogue import DATA
from portal.emulator.directory import seed
from portal.emulator.directory.model import Directory, User
from portal.emulator.errors import Refusal
from portal.emulator.ids import seeded
from portal.emulator.model import JSON, Actor, Customer, Subscription
from portal.emulator.seeds.estate import Estate

if TYPE_CHECKING:
    from portal.emulator.store import Store

GROUP1, GROUP2 = "group1", "group2"
# Licences that Azure AD does not manage (get-a-list-of-available-licenses-by-license-group).
MINECRAFT = "984df360-9a74-4647-8cf8-696749f6247a"
FREE = "f30db892-07e9-47e9-837c-80727f46fd3d"
FREE_UNITS = 10_000
ELSEWHERE = 10
CLEAN = 256
FEW = 8
NO_LOCATION = "License assignment cannot be done for user with invalid usage location."

# plans left out, by SKU id
Held = dict[str, list[str]]
# what each user holds, by user id
Holders = dict[str, Held]


@dataclass(frozen=True, slots=True)
class Plan:
    id: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Sku:
    """A licence as Microsoft's licensing reference names it."""

    id: str
    part_number: str
    name: str
    plans: tuple[Plan, ...]

    @property
    def group(self) -> str:
        return GROUP2 if self.id == MINECRAFT else GROUP1


@dataclass(slots=True)
class Units:
    """``active`` can be used, ``warning`` too for a while, ``suspended`` cannot."""

    active: int = 0
    warning: int = 0
    suspended: int = 0

    @property
    def usable(self) -> int:
        return self.active + self.warning


@cache
def skus() -> dict[str, Sku]:
    """Return every licence that an emulated customer may own, by id."""
    plans: dict[str, list[Plan]] = {}
    for row in _rows("licence-plans"):
        plan = Plan(row["plan_id"], row["code"], row["name"])
        plans.setdefault(row["sku_id"], []).append(plan)
    return {
        row["sku_id"]: Sku(
            row["sku_id"], row["part_number"], row["name"], tuple(plans.get(row["sku_id"], ()))
        )
        for row in _rows("licences")
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def owned(customer: Customer, subscriptions: Iterable[Subscription]) -> dict[str, Units]:
    """Return a tenant's units by SKU id: ours by the state of the subscription, then the rest."""
    found: dict[str, Units] = {}
    for item in subscriptions:
        if item.item.licence_id in skus():
            _add(found.setdefault(item.item.licence_id, Units()), item)
    found = {sku_id: units for sku_id, units in found.items() if units.usable or units.suspended}
    if customer.index % 7 == 3 and found:
        next(iter(found.values())).active += ELSEWHERE
    if customer.index % 3 == 0:
        found[FREE] = Units(active=FREE_UNITS)
    if customer.index % 10 == 2:
        found[MINECRAFT] = Units(active=25)
    return found


def _add(units: Units, item: Subscription) -> None:
    match item.status:
        case "active":
            units.active += item.quantity
        case "expired":
            units.warning += item.quantity
        case "suspended" | "disabled":
            units.suspended += item.quantity
        case _:  # a deleted one gives nothing
            pass


class Licences:
    """Who holds what, by customer id. The caller holds the store's lock."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._estate = Estate(store.settings, store.anchor)
        self._changed: dict[str, Holders] = {}
        self._clean: dict[str, Holders] = {}

    def units(self, customer: Customer) -> dict[str, Units]:
        """Return what a customer's tenant owns now, by SKU id."""
        return owned(customer, self._store.account(customer.id).subscriptions.values())

    def holders(self, directory: Directory) -> Holders:
        """Return what each user holds; who is deleted holds nothing."""
        found = self._all(directory.customer_id)
        users = directory.users
        return {
            user_id: held
            for user_id, held in found.items()
            if user_id in users and users[user_id].deleted_at is None
        }

    def _all(self, customer_id: str) -> Holders:
        found = self._changed.get(customer_id) or self._clean.get(customer_id)
        if found is None:
            found = self._drawn(self._store.customer(customer_id))
            if len(self._clean) >= CLEAN:
                self._clean.clear()
            self._clean[customer_id] = found
        return found

    def _drawn(self, customer: Customer) -> Holders:
        """Give the people of the seed what the customer has, the same whenever it is asked for."""
        settings = self._store.settings
        random = seeded(settings.seed, "licences", customer.index)
        staff = seed.make(settings, customer, self._store.anchor).users.values()
        able = [user.id for user in staff if user.usage_location and user.deleted_at is None]
        holders: Holders = {}
        bought = owned(customer, self._estate.subscriptions(customer))
        for sku_id, units in sorted(bought.items()):
            # Of few seats none is left; two people are always left without.
            share = 1.0 if units.usable <= FEW else random.choice((0.3, 0.6, 0.8))
            count = min(int(units.usable * share), max(len(able) - 2, 0))
            for user_id in random.sample(able, count):
                plans = skus()[sku_id].plans
                out = [random.choice(plans).id] if plans and random.random() < 0.1 else []
                holders.setdefault(user_id, {})[sku_id] = out
        return holders

    def update(self, directory: Directory, user: User, body: object, actor: Actor) -> JSON:
        """Assign and remove as the body says, leave an audit record, and return the LicenseUpdate.

        Raise ``Refusal`` for what the rules forbid; that, too, leaves a record.
        """
        customer = self._store.customer(directory.customer_id)
        held = self.holders(directory).get(user.id, {})
        data = [("CustomerUserId", user.id)]
        try:
            asked = wish(body)
            self._check(customer, directory, user, asked)
        except Refusal:
            self._record(customer, actor, "failed", data)
            raise
        assign, remove = asked
        kept = {sku_id: out for sku_id, out in held.items() if sku_id not in remove}
        whole = self._all(customer.id)
        whole[user.id] = kept | assign
        self._changed[customer.id] = whole
        self._clean.pop(customer.id, None)
        told = _told(assign, remove)
        data += [("AddedLicenseSkuId", sku_id) for sku_id in assign]
        data += [("RemovedLicenseSkuId", sku_id) for sku_id in remove]
        self._record(customer, actor, "succeeded", data, told)
        return told

    def _check(
        self,
        customer: Customer,
        directory: Directory,
        user: User,
        asked: tuple[dict[str, list[str]], list[str]],
    ) -> None:
        units, holders = self.units(customer), self.holders(directory)
        assign, remove = asked
        groups = {_known(units, sku_id).group for sku_id in (*assign, *remove)}
        if len(groups) > 1:
            raise Refusal(800002, "A license update may only name licenses of one license group.")
        held, used = holders.get(user.id, {}), consumed(holders)
        for sku_id in remove:
            if sku_id not in held:
                raise Refusal(800002, f"User does not have a corresponding license {sku_id}.")
        for sku_id, out in assign.items():
            _check_plans(sku_id, out)
            if not user.usage_location:
                raise Refusal(800002, NO_LOCATION)
            if sku_id not in held and used[sku_id] >= units[sku_id].usable:
                raise _exhausted(customer, sku_id)

    def _record(
        self,
        customer: Customer,
        actor: Actor,
        status: str,
        data: list[tuple[str, str]],
        new: JSON | None = None,
    ) -> None:
        """Leave a record as get-a-record-of-partner-center-activity-by-user shows one."""
        kind = "update_customer_user_licenses"
        event = Event(customer, "license", kind, status, None, new, tuple(data))
        self._store.audit.write(event, actor, self._store.clock.now())

    def changed(self) -> dict[str, Holders]:
        """Return what differs from the seed, for the state file."""
        return self._changed

    def restore(self, kept: dict[str, Holders]) -> None:
        self._changed = dict(kept)
        self._clean.clear()


def _told(assign: dict[str, list[str]], remove: list[str]) -> JSON:
    """Return the LicenseUpdate that answers, and stands in the record."""
    return {
        "licensesToAssign": [{"skuId": sku_id} for sku_id in assign],
        "licensesToRemove": remove,
        "licenseWarnings": [],
        "attributes": {"objectType": "LicenseUpdate"},
    }


def consumed(holders: Holders) -> Counter[str]:
    """Return how many users hold each SKU."""
    return Counter(sku_id for held in holders.values() for sku_id in held)


def wish(body: object) -> tuple[dict[str, list[str]], list[str]]:
    """Return (plans to leave out by SKU to assign, SKUs to remove) of a LicenseUpdate.

    Raise ``Refusal`` for a body that is none.
    """
    if not isinstance(body, dict):
        raise Refusal(800002, "The body is not a license update.")
    named = {str(name).lower(): value for name, value in body.items()}
    assign: dict[str, list[str]] = {}
    for entry in named.get("licensestoassign") or []:
        if not isinstance(entry, dict):
            raise Refusal(800002, "A license to assign is not an object.")
        asked = {str(name).lower(): value for name, value in entry.items()}
        sku_id = str(asked.get("skuid") or "").lower()
        assign[sku_id] = [str(plan).lower() for plan in asked.get("excludedplans") or []]
    remove = [str(sku_id).lower() for sku_id in named.get("licensestoremove") or []]
    if not assign and not remove:
        raise Refusal(800002, "A license update names a license to assign or to remove.")
    return assign, remove


def _known(units: dict[str, Units], sku_id: str) -> Sku:
    if sku_id not in units:
        raise Refusal(800002, f"License {sku_id} does not correspond to a valid company License.")
    return skus()[sku_id]


def _check_plans(sku_id: str, out: Sequence[str]) -> None:
    if unknown := set(out) - {plan.id for plan in skus()[sku_id].plans}:
        raise Refusal(800002, f"Service plan {min(unknown)} is not part of license {sku_id}.")


def _exhausted(customer: Customer, sku_id: str) -> Refusal:
    told = (
        f"LicenseQuotaExceededException : Subscription with Account {customer.id} and"
        f" SKU {sku_id} does not have any available licenses left."
    )
    return Refusal(60012, data=[told])


# --- wire -----------------------------------------------------------------------------------------


def product_sku(sku: Sku, *, with_target: bool = True) -> JSON:
    answer: JSON = {"id": sku.id, "name": sku.name, "skuPartNumber": sku.part_number}
    if with_target:
        answer["targetType"] = "User"
    return {**answer, "licenseGroupId": sku.group}


def plan(item: Plan, status: str) -> JSON:
    return {
        "displayName": item.name,
        "serviceName": item.code,
        "id": item.id,
        "capabilityStatus": status,
        "targetType": "User",
    }


def subscribed(sku: Sku, units: Units, used: int) -> JSON:
    """Return a SubscribedSku."""
    status = "Enabled" if units.active else "Warning" if units.warning else "Suspended"
    return {
        "availableUnits": max(units.usable - used, 0),
        "activeUnits": units.active,
        "consumedUnits": used,
        "suspendedUnits": units.suspended,
        "totalUnits": units.active + units.warning + units.suspended,
        "warningUnits": units.warning,
        "productSku": product_sku(sku),
        "servicePlans": [plan(item, status) for item in sku.plans],
        "capabilityStatus": status,
        "attributes": {"objectType": "SubscribedSku"},
    }


def license_of_user(sku: Sku, left_out: Sequence[str]) -> JSON:
    """Return a License; a plan that was left out is disabled."""
    return {
        "servicePlans": [
            plan(item, "Disabled" if item.id in left_out else "Assigned") for item in sku.plans
        ],
        "productSku": product_sku(sku, with_target=False),
        "attributes": {"objectType": "License"},
    }
