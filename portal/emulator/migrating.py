"""Legacy subscriptions on their way to new commerce: validated, started, scheduled, followed by events.

A migration takes five minutes: then the legacy subscription is deleted and one of new commerce stands in its
place. The facts list what bars a subscription and the codes of the refusals, but not which is which: here they
stand in the order of that list.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portal.emulator import alignment, catalogue
from portal.emulator.audit import Event
from portal.emulator.catalogue import Item
from portal.emulator.changes import lower_names
from portal.emulator.clock import iso, parse_moment
from portal.emulator.errors import Refusal
from portal.emulator.ids import guid, seeded, short_id
from portal.emulator.migration_records import (
    CANCELLED,
    CREATED,
    DONE,
    FAILED,
    PROCESSING,
    Migration,
    Plan,
    Schedule,
    find,
    migration_json,
    narrowed,
    schedule_json,
)
from portal.emulator.model import JSON, Account, Actor, Subscription

if TYPE_CHECKING:
    from portal.emulator.store import Store

TAKES = timedelta(minutes=5)
YOUNG, LATE = timedelta(days=31), timedelta(hours=24)
EVENTS = (
    (timedelta(0), "MigrationStarted"),
    (timedelta(minutes=1), "NewCommerceSubscriptionCreated"),
    (timedelta(minutes=3), "NewCommerceSubscriptionProvisioned"),
    (TAKES, "MigrationCompleted"),
)
# What bars a subscription: the number that validating gives, the code that starting gives, the sentence.
INACTIVE = (1, 900215, "The subscription is not active.")
BUSY = (2, 900216, "The subscription is being processed already.")
ENDING = (3, 900217, "The subscription ends within 24 hours.")
ADDONS = (4, 900219, "The subscription has add-ons that do not qualify.")
UNKNOWN = (5, 900220, "The equivalent offer is not yet available in New Commerce.")
TOO_YOUNG = (6, 900226, "The subscription has been active for one month or less.")
PAIR = (7, 900222, "The term and billing cycle are not offered together.")
PROMOTED = (8, 900218, "The subscription has promotions applied to it.")
PARTNER = (9, 900247, "The partner id on record of the subscription is not valid.")
Bar = tuple[int, int, str]
ANY = Plan(quantity=1, term="", cycle="")


class Migrating:
    """Migrations and schedules by customer. The caller holds the store's lock."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self.migrations: dict[str, list[Migration]] = {}
        self.schedules: dict[str, list[Schedule]] = {}

    # What happens by itself

    def settle(self, account: Account) -> None:
        """Begin what was scheduled and finish what has taken its time."""
        key, now = account.customer.id, self._store.clock.now()
        for one in self.schedules.get(key, []):
            item = account.subscriptions.get(one.subscription_id)
            due = item.term_end if one.on_renewal and item else one.target
            if one.status == CREATED and due is not None and due <= now:
                self._begin(account, one, max(due, one.created))
        for migration in self.migrations.get(key, []):
            if migration.status == PROCESSING and migration.started + TAKES <= now:
                self._finish(account, migration)

    def _begin(self, account: Account, one: Schedule, at: datetime) -> None:
        item = account.subscriptions.get(one.subscription_id)
        found = target(item.item, one.plan) if item else None
        if item is None or found is None or item.status != "active":
            one.status = FAILED
            return
        one.status = DONE
        self._start(account, item, one.plan, found, at)

    def _finish(self, account: Account, one: Migration) -> None:
        """Put subscriptions of new commerce in the place of the base and of the add-ons that go with it."""
        self._store.touch(account)
        at = one.started + TAKES
        old = account.subscriptions[one.subscription_id]
        item = next(item for item in catalogue.seat_items() if _id_of(item) == one.item)
        made = self._replace(account, old, replace(one.plan, addons=[one.id]), item, at)
        for key in one.plan.addons:
            child = account.subscriptions.get(key)
            found = target(child.item, ANY) if child else None
            if child is not None and found is not None:
                plan = replace(one.plan, quantity=child.quantity, addons=[one.id, key])
                self._replace(account, child, plan, found, at)
        one.status, one.completed = DONE, at
        one.new_subscription, one.new_order = made.id, made.order_id

    def _replace(
        self, account: Account, old: Subscription, plan: Plan, item: Item, at: datetime
    ) -> Subscription:
        """End a legacy subscription and begin its successor; ``plan.addons`` is what its id comes from."""
        random = seeded(*plan.addons)
        made = Subscription(
            id=guid(random),
            customer_id=old.customer_id,
            item=item,
            name=old.name,
            quantity=plan.quantity,
            status="active",
            created=at,
            start=at,
            last_day=None,
            order_id=short_id(random),
            partner_id=old.partner_id,
            country=old.country,
            migrated_from=old.id,
        )
        made.begin_term(at, item.term)
        if not plan.full_term and old.last_day is not None:
            made.last_day = min(old.last_day, made.last_day or old.last_day)
        if plan.custom_end:
            made.last_day = parse_moment(plan.custom_end).date()
        account.subscriptions[made.id] = made
        old.status, old.lots, old.version = "deleted", [], old.version + 1
        return made

    # Reading

    def listed(self, query: dict[str, str]) -> list[JSON]:
        """Return the migrations of a customer or of all, the newest first."""
        return [migration_json(one) for one in narrowed(self.migrations, query)]

    def one(self, customer_id: str, wanted: str) -> JSON:
        """Return one. Raise ``Refusal`` (404, 1000)."""
        self._store.account(customer_id)
        return migration_json(find(self.migrations.get(customer_id.lower(), []), wanted))

    def events(self, customer_id: str, query: dict[str, str]) -> list[JSON]:
        """Return what has happened to a migration, or to a subscription, so far."""
        self._store.account(customer_id)
        wanted = query.get("migrationid", "").lower()
        current = query.get("currentsubscriptionid", "").lower()
        now = self._store.clock.now()
        return [
            {
                "id": guid(seeded(one.id, name)),
                "newCommerceMigrationId": one.id,
                "currentSubscriptionId": one.subscription_id,
                "customerTenantId": one.customer_id,
                "createdTime": iso(one.started + after),
                "eventName": name,
            }
            for one in self.migrations.get(customer_id.lower(), [])
            if wanted in {"", one.id} and current in {"", one.subscription_id}
            for after, name in EVENTS
            if one.started + after <= now
        ]

    def listed_schedules(self, query: dict[str, str]) -> list[JSON]:
        """Return the schedules of a customer or of all."""
        return [schedule_json(one, self._end(one)) for one in narrowed(self.schedules, query)]

    def schedule(self, customer_id: str, wanted: str) -> JSON:
        """Return one. Raise ``Refusal`` (404, 1000)."""
        self._store.account(customer_id)
        found = find(self.schedules.get(customer_id.lower(), []), wanted)
        return schedule_json(found, self._end(found))

    def validate(self, customer_id: str, body: object) -> JSON:
        """Return whether a subscription can go, and to what."""
        account, item, plan = self._asked(customer_id, lower_names(body))
        bars = self._bars(account, item, plan)
        answer: JSON = {"currentSubscriptionId": item.id, "isEligible": not bars}
        if bars:
            told = [{"code": number, "description": text} for number, _code, text in bars]
            return answer | {"errors": told}
        found = target(item.item, plan)
        assert found is not None, "no bar says that there is none"
        return answer | {"catalogItemId": _id_of(found)}

    # Changing

    def start(self, customer_id: str, body: object, actor: Actor) -> JSON:
        """Start a migration. Raise ``Refusal`` for the first thing that bars it."""
        account, item, plan = self._asked(customer_id, lower_names(body))
        found = self._checked(account, item, plan, actor)
        made = self._start(account, item, plan, found, self._store.clock.now())
        self._record(account, actor, "succeeded", migration_json(made))
        return migration_json(made)

    def plan(self, customer_id: str, body: object, actor: Actor) -> JSON:
        """Schedule a migration. Raise ``Refusal``."""
        sent = lower_names(body)
        account, item, plan = self._asked(customer_id, sent)
        self._checked(account, item, plan, actor)
        now = self._store.clock.now()
        at, on_renewal = self._when(item, sent, now)
        made = Schedule(
            id=self._store.ids.guid(),
            customer_id=account.customer.id,
            subscription_id=item.id,
            plan=plan,
            target=at,
            on_renewal=on_renewal,
            created=now,
            modified=now,
        )
        self.schedules.setdefault(account.customer.id, []).append(made)
        answer = schedule_json(made, self._end(made))
        self._record(account, actor, "succeeded", answer)
        return answer

    def replan(self, customer_id: str, wanted: str, body: object, actor: Actor) -> JSON:
        """Change a schedule. Raise ``Refusal`` for one that is over."""
        account, found = self._open(customer_id, wanted)
        sent = lower_names(body) | {"currentsubscriptionid": found.subscription_id}
        _account, item, plan = self._asked(customer_id, sent)
        if target(item.item, plan) is None:
            raise _refused(PAIR)
        found.target, found.on_renewal = self._when(item, sent, self._store.clock.now())
        found.plan, found.modified = plan, self._store.clock.now()
        answer = schedule_json(found, self._end(found))
        self._record(account, actor, "succeeded", answer)
        return answer

    def unplan(self, customer_id: str, wanted: str, actor: Actor) -> JSON:
        """Cancel a schedule. Raise ``Refusal`` for one that is over."""
        account, found = self._open(customer_id, wanted)
        found.status, found.modified = CANCELLED, self._store.clock.now()
        answer = schedule_json(found, self._end(found))
        self._record(account, actor, "succeeded", answer)
        return answer

    def _start(
        self, account: Account, item: Subscription, plan: Plan, found: Item, at: datetime
    ) -> Migration:
        made = Migration(
            id=self._store.ids.guid(),
            customer_id=account.customer.id,
            subscription_id=item.id,
            plan=plan,
            item=_id_of(found),
            started=at,
        )
        self.migrations.setdefault(account.customer.id, []).append(made)
        return made

    def _asked(self, customer_id: str, sent: JSON) -> tuple[Account, Subscription, Plan]:
        account, item = self._store.subscription(
            customer_id, str(sent.get("currentsubscriptionid") or "")
        )
        plan = Plan(
            quantity=int(sent.get("quantity") or item.quantity),
            term=str(sent.get("termduration") or item.item.term),
            cycle=str(sent.get("billingcycle") or item.item.billing_cycle).lower(),
            full_term=bool(sent.get("purchasefullterm")),
            custom_end=str(sent.get("customtermenddate") or ""),
            addons=[
                str(lower_names(one).get("currentsubscriptionid") or "").lower()
                for one in sent.get("addonmigrations") or []
            ],
        )
        return account, item, plan

    def _bars(self, account: Account, item: Subscription, plan: Plan) -> list[Bar]:
        now, key = self._store.clock.now(), account.customer.id
        states = [
            *((one.subscription_id, one.status) for one in self.migrations.get(key, [])),
            *((one.subscription_id, one.status) for one in self.schedules.get(key, [])),
        ]
        busy = any(state in {(item.id, PROCESSING), (item.id, CREATED)} for state in states)
        added = any(
            one.parent_id == item.id and target(one.item, ANY) is None
            for one in account.subscriptions.values()
        )
        known = target(item.item, ANY) is not None
        partners = {one.mpn_id for one in account.customer.resellers}
        tests = (
            (item.status != "active", INACTIVE),
            (busy, BUSY),
            (item.term_end - now < LATE, ENDING),
            (added, ADDONS),
            (not known, UNKNOWN),
            (now - item.created <= YOUNG, TOO_YOUNG),
            (bool(item.promotion_id), PROMOTED),
            (bool(item.partner_id) and item.partner_id not in partners, PARTNER),
            (known and target(item.item, plan) is None, PAIR),
        )
        return [bar for holds, bar in tests if holds]

    def _checked(self, account: Account, item: Subscription, plan: Plan, actor: Actor) -> Item:
        for bar in self._bars(account, item, plan):
            self._record(account, actor, "failed", None)
            raise _refused(bar)
        found = target(item.item, plan)
        assert found is not None, "no bar says that there is none"
        if plan.custom_end:
            alignment.check_purchase(account, plan.term, plan.custom_end, self._store.clock.now())
        return found

    def _when(self, item: Subscription, sent: JSON, now: datetime) -> tuple[datetime | None, bool]:
        if sent.get("migrateonrenewal"):
            return None, True
        try:
            at = parse_moment(str(sent.get("targetdate") or ""))
        except ValueError as error:
            raise Refusal(3000, "The target date of the schedule is not valid.") from error
        if not now < at <= item.term_end:
            raise Refusal(3000, "The target date must be before the end of the subscription.")
        return at, False

    def _open(self, customer_id: str, wanted: str) -> tuple[Account, Schedule]:
        account = self._store.account(customer_id)
        found = find(self.schedules.get(account.customer.id, []), wanted)
        if found.status != CREATED:
            raise Refusal(800042, "The schedule can no longer be changed.")
        return account, found

    def _end(self, one: Schedule) -> str:
        item = self._store.account(one.customer_id).subscriptions.get(one.subscription_id)
        end = item.last_day if item else None
        return f"{end.isoformat()}T00:00:00Z" if end else ""

    def _record(self, account: Account, actor: Actor, status: str, new: JSON | None) -> None:
        kind, operation = "new_commerce_migration", "create_new_commerce_migration"
        event = Event(account.customer, kind, operation, status, None, new)
        self._store.audit.write(event, actor, self._store.clock.now())


def target(item: Item, plan: Plan) -> Item | None:
    """The new-commerce item that a legacy one becomes; with an empty plan any of its product."""
    if not item.is_legacy:
        return None
    titles = {item.title, item.title.replace(" Enterprise ", " ")}
    for one in catalogue.seat_items():
        fits = plan.term in {"", one.term} and plan.cycle in {"", one.billing_cycle}
        if one.title in titles and fits:
            return one
    return None


def _id_of(item: Item) -> str:
    return f"{item.product_id}:{item.sku_id}:{item.availability_id}"


def _refused(bar: Bar) -> Refusal:
    _number, code, text = bar
    return Refusal(code, text)
