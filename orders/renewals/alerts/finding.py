"""What there is to tell now, in a few queries for all connections; the home page asks for the same.

A subject is about one thing (``about``): the term with what happens at its end, or the window. While that stays, it is
not told again; a decision that came to nothing, or another choice made in Partner Center, makes it another.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q
from django.urls import reverse

from orders import lots
from orders.models import Subscription, TermDecision
from orders.renewals import lifecycle, queries
from orders.renewals.alerts import kinds
from portal.access.scope import Scope


@dataclass(frozen=True)
class Subject:
    """One thing to tell about a subscription. ``shared``: another seller's seats may be among the idle ones."""

    kind: str
    row: Subscription
    about: str
    told: Mapping[str, Any]
    shared: bool


def subjects() -> list[Subject]:
    """Everything that can be decided on now. A fixed number of queries."""
    scope = Scope.system()
    ending, open_still = list(queries.to_decide(scope)), list(queries.windows(scope))
    alone = _sold_by_one({row.customer_id for row in [*ending, *open_still]})
    latest = _latest_decisions(ending)
    return [*_ending(ending, latest, alone), *_windows(open_still, alone)]


def url_of(kind: str) -> str:
    """The list on which all subjects of a kind stand."""
    if kind == kinds.UNDECIDED:
        return f"{reverse('renewals')}?within={queries.alert_days()}&decision=none"
    return reverse("renewals_renewed") if kind == kinds.RENEWED else reverse("home")


def _ending(
    rows: Iterable[Subscription], latest: Mapping[int, int], alone: set[int | None]
) -> Iterator[Subject]:
    for row in rows:
        day, choice = lifecycle.last_day(row), lifecycle.without_choice(row)
        closes = day.isoformat() if day else ""
        about = f"{closes} {choice} {latest.get(row.pk, '')}".strip()
        told = _named(row) | {"seats": row.quantity, "choice": choice, "closes": closes}
        yield Subject(kinds.UNDECIDED, row, about, told, row.customer_id not in alone)


def _windows(rows: Iterable[Subscription], alone: set[int | None]) -> Iterator[Subject]:
    for row in rows:
        closes = vars(row)["closes"].isoformat()
        renewed = vars(row)["renewed"]
        began = row.effective_start_date.date().isoformat() if row.effective_start_date else ""
        seats = lots.refundable(row) or row.quantity or 0
        told = _named(row) | {"seats": seats, "closes": closes}
        kind, about = (kinds.RENEWED, began) if renewed else (kinds.WINDOW, closes)
        yield Subject(kind, row, about, told, row.customer_id not in alone)


def _named(row: Subscription) -> dict[str, Any]:
    customer = row.customer.name if row.customer else row.customer_pc_id
    return {"product": str(row), "customer": customer, "idle": vars(row)["idle"]}


def _sold_by_one(customers: set[int | None]) -> set[int | None]:
    """The customers of whom every live subscription has one and the same seller."""
    rows = Subscription.objects.filter(customer__in=customers, gone_at=None).order_by()
    sellers = rows.values("customer").annotate(
        resellers=Count("reseller", distinct=True), direct=Count("pk", filter=Q(reseller=None))
    )
    return {
        row["customer"] for row in sellers if row["resellers"] + (1 if row["direct"] else 0) == 1
    }


def _latest_decisions(rows: Iterable[Subscription]) -> dict[int, int]:
    """The number of the newest decision about each of these terms, one that came to nothing too."""
    days = {row.pk: lifecycle.last_day(row) for row in rows}
    kept = TermDecision.objects.filter(subscription__in=days, ends_on__in=set(days.values()))
    newest = kept.order_by().values("subscription", "ends_on").annotate(newest=Max("pk"))
    return {
        row["subscription"]: row["newest"]
        for row in newest
        if row["ends_on"] == days[row["subscription"]]
    }
