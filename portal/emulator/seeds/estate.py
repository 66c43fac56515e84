"""The subscriptions of a customer, made on first use and always the same for a seed and moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from portal.emulator import catalogue
from portal.emulator.catalogue import Item
from portal.emulator.ids import guid, seeded, short_id
from portal.emulator.model import (
    WINDOW,
    Customer,
    Lot,
    Subscription,
    charge_end,
    last_day,
)
from portal.emulator.seeds.showcase import SHOWCASE
from portal.emulator.seeds.terms import make_trial
from portal.emulator.settings import DISTRIBUTOR_SUBSCRIPTIONS, Settings

_TERM_DAYS = {"P1M": 28, "P1Y": 364, "P3Y": 1090}
_EXPIRED_FOR_DAYS = 25
# Cumulated shares of the states of a subscription in an ordinary estate.
_MIX = (
    (0.89, "active"),
    (0.94, "suspended"),
    (0.97, "expired"),
    (0.985, "trial"),
    (1.0, "deleted"),
)


class Estate:
    """Builds subscriptions. ``anchor`` is the moment that all dates are reckoned from."""

    def __init__(self, settings: Settings, anchor: datetime) -> None:
        self._settings = settings
        self._anchor = anchor

    def subscriptions(self, customer: Customer) -> list[Subscription]:
        random = seeded(self._settings.seed, "subscriptions", customer.index)
        items = random.sample(self._shelf(customer), self._count(random, customer))
        made = [self._subscription(random, customer, item) for item in items]
        self._split_between_resellers(customer, made)
        show = SHOWCASE.get(customer.index)
        if show is not None and made:
            show(made, self._anchor)
        return made

    def _count(self, random: Random, customer: Customer) -> int:
        if self._settings.subscriptions is not None:
            return min(self._settings.subscriptions, len(catalogue.seat_items()))
        if not self._settings.is_small:
            return DISTRIBUTOR_SUBSCRIPTIONS
        if customer.index in SHOWCASE or customer.index == 0:
            return 6
        return 0 if customer.index % 20 == 19 else random.randint(5, 8)

    @staticmethod
    def _shelf(customer: Customer) -> list[Item]:
        """Return what a customer may own: seats for all, software and Azure plans for some."""
        shelf = list(catalogue.seat_items())
        if customer.index % 5 == 3:
            shelf += catalogue.software_items()
        if customer.index % 4 == 2:
            shelf.append(catalogue.azure_plan())
        return shelf

    @staticmethod
    def _split_between_resellers(customer: Customer, made: list[Subscription]) -> None:
        for index, subscription in enumerate(made):
            if customer.resellers:
                reseller = customer.resellers[index % len(customer.resellers)]
                subscription.partner_id = reseller.mpn_id

    def _subscription(self, random: Random, customer: Customer, item: Item) -> Subscription:
        days = random.randint(0, _TERM_DAYS.get(item.term, 700))
        start = self._anchor - timedelta(
            days=days, seconds=random.randrange(86_400), microseconds=random.randrange(1_000_000)
        )
        renewals = random.choice((0, 0, 1, 2)) if days > 7 else 0
        subscription = Subscription(
            id=guid(random),
            customer_id=customer.id,
            item=item,
            name=item.title,
            quantity=self._quantity(random, item),
            status="active",
            created=start - timedelta(days=renewals * 365),
            start=start,
            last_day=last_day(start.date(), item.term),
            order_id=short_id(random),
            partner_id="",
            country=customer.country,
            auto_renew=random.random() < 0.85,
        )
        subscription.charge_end = charge_end(start.date(), item.billing_cycle, self._anchor.date())
        if not item.is_azure_plan:
            self._open_windows(random, subscription)
            self._set_state(random, subscription)
        return subscription

    @staticmethod
    def _quantity(random: Random, item: Item) -> int:
        if item.is_azure_plan:
            return 1
        return min(random.choice((1, 2, 3, 5, 8, 12, 20, 25, 40, 75, 120, 250)), item.largest)

    def _open_windows(self, random: Random, subscription: Subscription) -> None:
        """Open the purchase's own window if it still runs, and sometimes that of an increase."""
        subscription.cancel_until = subscription.start + WINDOW
        if subscription.cancel_until > self._anchor:
            if not subscription.item.is_software:
                subscription.lots = [Lot(subscription.quantity, subscription.cancel_until)]
        elif random.random() < 0.08 and subscription.quantity > 2:
            seats = random.randint(1, subscription.quantity // 2)
            hours = random.uniform(1, 167)
            subscription.lots = [Lot(seats, self._anchor + timedelta(hours=hours))]

    def _set_state(self, random: Random, subscription: Subscription) -> None:
        draw = random.random()
        state = next(name for share, name in _MIX if draw < share)
        action = _STATES.get(state)
        if action is not None:
            action(random, subscription, self._anchor)


def _suspend(_random: Random, subscription: Subscription, _anchor: datetime) -> None:
    subscription.status = "suspended"
    subscription.suspension_reasons = ["CustomerCancellation"]


def _expire(random: Random, subscription: Subscription, anchor: datetime) -> None:
    """Let the term have ended a few days ago without renewal."""
    days_ago = random.randint(1, _EXPIRED_FOR_DAYS)
    term = timedelta(days=_TERM_DAYS.get(subscription.item.term, 364))
    start = anchor - timedelta(days=days_ago + 2) - term
    subscription.begin_term(start, subscription.item.term)
    subscription.created = start
    subscription.lots = []
    subscription.status = "expired"
    subscription.auto_renew = False


def _try_out(_random: Random, subscription: Subscription, _anchor: datetime) -> None:
    make_trial(subscription)


def _delete(_random: Random, subscription: Subscription, _anchor: datetime) -> None:
    subscription.status = "deleted"
    subscription.lots = []
    subscription.auto_renew = False


_STATES: dict[str, Callable[[Random, Subscription, datetime], None]] = {
    "suspended": _suspend,
    "expired": _expire,
    "trial": _try_out,
    "deleted": _delete,
}
