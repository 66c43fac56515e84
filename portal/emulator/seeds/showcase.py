"""The first customers show every case that the portal must tell apart, whatever the seed."""

from collections.abc import Callable
from datetime import datetime, timedelta

from portal.emulator import catalogue, legacy
from portal.emulator.catalogue import Item
from portal.emulator.model import WINDOW, Lot, Subscription, charge_end, last_day
from portal.emulator.seeds.terms import make_trial, next_term

Show = Callable[[list[Subscription], datetime], None]


def _steady(
    subscription: Subscription, item: Item, quantity: int, anchor: datetime, *, days: int
) -> None:
    """Make it an active seat subscription whose term began ``days`` ago."""
    subscription.item = item
    subscription.name = item.title
    subscription.quantity = quantity
    subscription.status = "active"
    subscription.auto_renew = True
    subscription.is_trial = False
    subscription.schedule = None
    subscription.suspension_reasons = []
    subscription.start = subscription.created = anchor - timedelta(days=days, hours=3)
    start = subscription.start.date()
    subscription.last_day = last_day(start, item.term)
    subscription.charge_end = charge_end(start, item.billing_cycle, anchor.date())
    subscription.cancel_until = subscription.start + WINDOW
    running = subscription.cancel_until > anchor
    subscription.lots = [Lot(quantity, subscription.cancel_until)] if running else []


def _two_resellers(made: list[Subscription], anchor: datetime) -> None:
    for subscription, seats in zip(made, (20, 35), strict=False):
        item = catalogue.seat_item("Microsoft 365 Business Premium", "P1Y")
        _steady(subscription, item, seats, anchor, days=90)


def _open_lots(made: list[Subscription], anchor: datetime) -> None:
    """Seats with clocks within a day, within three days and beyond."""
    item = catalogue.seat_item("Microsoft 365 Business Standard", "P1Y")
    _steady(made[0], item, 50, anchor, days=120)
    made[0].lots = [Lot(n, anchor + timedelta(hours=h)) for n, h in ((5, 18), (10, 60), (3, 150))]
    if len(made) > 1:
        _steady(made[1], catalogue.seat_item("Office 365 E3", "P1Y"), 40, anchor, days=2)


def _scheduled(made: list[Subscription], anchor: datetime) -> None:
    """A change waits for the next term, which begins within a week."""
    item = catalogue.seat_item("Microsoft 365 E3", "P1Y")
    _steady(made[0], item, 60, anchor, days=360)
    made[0].schedule = next_term(item, 45)


def _suspended(made: list[Subscription], anchor: datetime) -> None:
    """One suspended by the partner, one by Microsoft, which the partner cannot reactivate."""
    item = catalogue.seat_item("Microsoft 365 Business Basic", "P1Y")
    for subscription, reason in zip(made, ("CustomerCancellation", "FraudDetected"), strict=False):
        _steady(subscription, item, 15, anchor, days=200)
        subscription.status = "suspended"
        subscription.suspension_reasons = [reason]


def _ended(made: list[Subscription], anchor: datetime) -> None:
    """One expired ten days ago, one disabled after its days of grace."""
    item = catalogue.seat_item("Microsoft 365 Business Standard", "P1Y")
    for subscription, status, days in zip(made, ("expired", "disabled"), (375, 410), strict=False):
        _steady(subscription, item, 12, anchor, days=days)
        subscription.status = status
        subscription.auto_renew = False
        subscription.lots = []


def _renewals(made: list[Subscription], anchor: datetime) -> None:
    """Terms that end in one, three and seven days; the second is set not to renew."""
    item = catalogue.seat_item("Microsoft 365 Business Premium", "P1Y")
    for subscription, days in zip(made, (364, 362, 358), strict=False):
        _steady(subscription, item, 25, anchor, days=days)
    if len(made) > 1:
        made[1].auto_renew = False


def _monthly(made: list[Subscription], anchor: datetime) -> None:
    """A monthly term bought this week: every seat is still refundable."""
    item = catalogue.seat_item("Microsoft 365 Business Basic", "P1M")
    _steady(made[0], item, 8, anchor, days=1)


def _trial(made: list[Subscription], anchor: datetime) -> None:
    item = catalogue.seat_item("Microsoft 365 Business Premium", "P1M")
    _steady(made[0], item, 25, anchor, days=10)
    make_trial(made[0])


def _after_sale(made: list[Subscription], anchor: datetime) -> None:
    """A legacy suite, one that is too young to migrate, an Azure plan, software that can still be cancelled."""
    suite = legacy.item(legacy.SUITE)
    software = next(item for item in catalogue.software_items() if item.term == "P1Y")
    for subscription, item, seats, days in zip(
        made,
        (suite, suite, catalogue.azure_plan(), software),
        (20, 4, 1, 3),
        (200, 12, 300, 2),
        strict=False,
    ):
        _steady(subscription, item, seats, anchor, days=days)
        if not item.is_software:
            subscription.cancel_until, subscription.lots = None, []


# customer index -> what its first subscriptions show
SHOWCASE: dict[int, Show] = {
    0: _two_resellers,
    1: _open_lots,
    2: _scheduled,
    3: _suspended,
    4: _ended,
    5: _monthly,
    6: _after_sale,
    7: _renewals,
    8: _trial,
}
