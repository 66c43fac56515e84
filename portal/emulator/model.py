"""The things that an emulated Partner Center keeps: plain records, no HTTP and no rules."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from portal.emulator.catalogue import Item

JSON = dict[str, Any]

# The window of seven days in which seats or a term may be taken back (facts.json cancel_window).
WINDOW = timedelta(hours=168)
NEVER = datetime(9999, 12, 14, tzinfo=UTC)
_MONTHS = {"P1M": 1, "P1Y": 12, "P3Y": 36}
_CYCLE_MONTHS = {"monthly": 1, "annual": 12, "triennial": 36}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a change: the person of the token (None for app-only), the app and the call."""

    user: str | None
    application: str
    correlation_id: str


@dataclass(slots=True)
class Reseller:
    id: str
    name: str
    mpn_id: str
    country: str


@dataclass(slots=True)
class Customer:
    """What the customer list shows. Everything personal comes from ``seeds.people`` on demand."""

    index: int
    id: str
    name: str
    domain: str
    country: str
    resellers: tuple[Reseller, ...]
    version: int = 1


@dataclass(slots=True)
class Lot:
    """Seats that may still be taken off, until a moment of their own."""

    quantity: int
    until: datetime


@dataclass(slots=True)
class Pending:
    """A change that was answered with 202 and is not applied yet."""

    body: JSON
    actor: Actor
    due: datetime | None = None
    reads: int | None = None


@dataclass(slots=True)
class Transition:
    """Seats on their way to another product. ``looks`` counts how often their progress was read."""

    wire: JSON
    started: datetime
    looks: int = 0
    completed: datetime | None = None


@dataclass(slots=True)
class Subscription:
    id: str
    customer_id: str
    item: Item
    name: str
    quantity: int
    status: str
    created: datetime
    start: datetime
    last_day: date | None
    order_id: str
    partner_id: str
    country: str
    charge_end: date | None = None
    auto_renew: bool = True
    is_trial: bool = False
    version: int = 1
    lots: list[Lot] = field(default_factory=list)
    cancel_until: datetime | None = None
    schedule: JSON | None = None
    next_charge: JSON | None = None
    actions: list[JSON] = field(default_factory=list)
    suspension_reasons: list[str] = field(default_factory=list)
    promotion_id: str = ""
    pending: Pending | None = None
    transitions: list[Transition] = field(default_factory=list)
    registered: datetime | None = None  # for reservations, an Azure subscription
    parent_id: str = ""  # of a legacy add-on (facts.json parentSubscriptionId)
    migrated_from: str = ""  # the legacy one that it came from
    benefit: JSON | None = None  # of a savings plan: what it commits to, and who uses it

    @property
    def term_end(self) -> datetime:
        """The last instant of the term; an Azure plan has none (facts.json commitmentEndDate)."""
        if self.last_day is None:
            return NEVER
        return datetime.combine(self.last_day, time(23, 59, 59), UTC)

    def open_lots(self, now: datetime) -> list[Lot]:
        """Return the lots that can be taken back at ``now``, the first to end first."""
        return sorted((lot for lot in self.lots if lot.until > now), key=lambda lot: lot.until)

    def begin_term(self, start: datetime, term: str) -> None:
        """Start a term: its last day, its cancel window and the refundable lot of all its seats."""
        self.start = start
        self.last_day = last_day(start.date(), term)
        self.charge_end = charge_end(start.date(), self.item.billing_cycle, start.date())
        self.cancel_until = start + WINDOW
        self.lots = [Lot(self.quantity, self.cancel_until)]


@dataclass(slots=True)
class Account:
    """A customer with its subscriptions, keyed by lower-case id, and the encoded full list."""

    customer: Customer
    subscriptions: dict[str, Subscription]
    due: datetime = NEVER
    encoded: bytes | None = None
    is_touched: bool = False

    def changed(self) -> None:
        self.encoded = None
        self.is_touched = True


def _plus_months(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if start.day <= 28:
        return date(year, month + 1, start.day)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def last_day(start: date, term: str) -> date | None:
    """Return the last day, inclusive, of a term that starts on ``start``; None without a term."""
    months = _MONTHS.get(term)
    return None if months is None else _plus_months(start, months) - timedelta(days=1)


def charge_end(start: date, cycle: str, today: date) -> date | None:
    """Return the last day of the charge cycle that runs on ``today``; None without a cycle."""
    months = _CYCLE_MONTHS.get(cycle)
    if months is None:
        return None
    passed = max((today.year - start.year) * 12 + today.month - start.month, 0) // months
    end = _plus_months(start, passed * months) - timedelta(days=1)
    while end < today:
        passed += 1
        end = _plus_months(start, passed * months) - timedelta(days=1)
    return end
