"""Reads of renewals: terms that end, those that nobody chose about, those that have just been renewed, decisions."""

import datetime as dt
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import JSONObject, Least, TruncDate
from django.http import Http404
from django.utils import timezone

from customers.licences import hooks
from customers.models import SubscribedSku
from orders import giving
from orders import queries as orders
from orders.models import Subscription, TermDecision
from orders.renewals import lifecycle
from portal.access.scope import Scope
from portal.outbox.states import State

RIGHT = "subscriptions.view"
MONTH_TO_MONTH = "P1M"
# An Azure plan ends in the year 9999.
NEVER = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
# Changes that came to nothing: what was decided with them did not happen.
VOID = (State.FAILED, State.CANCELLED, State.WITHHELD)
ALERT = dt.timedelta(days=30)
# Of rows with ``decision``: nothing that holds was decided about the term that runs.
UNDECIDED = Q(decision__isnull=True)


def running(scope: Scope) -> QuerySet[Subscription]:
    """Active subscriptions whose term can still be decided on, each with ``last_day`` (UTC) and ``decision``."""
    rows = orders.subscriptions(scope).filter(
        connection__retired_at=None,
        status="active",
        commitment_end_date__gte=lifecycle.today(),
        commitment_end_date__lt=NEVER,
    )
    return _with_decision(scope, rows)


def upcoming(scope: Scope) -> QuerySet[Subscription]:
    """Of these the ones worth a decision, with ``idle`` seats; month-to-month terms are noise and left out."""
    return _with_idle(scope, running(scope).exclude(term_duration=MONTH_TO_MONTH))


def rolling_on(scope: Scope) -> QuerySet[Subscription]:
    """Those that will go on month by month although nobody chose it; of any term, it costs from its first month."""
    return _with_idle(scope, running(scope).filter(lifecycle.unchosen(), lifecycle.rolling()))


def renewed(scope: Scope) -> QuerySet[Subscription]:
    """Subscriptions in a later term than their first whose seats, or which themselves, can still be taken back."""
    now = timezone.now()
    open_still = Q(refund_until__gt=now) | Q(cancellation_allowed_until__gt=now)
    later = Q(effective_start_date__gt=F("creation_date") + dt.timedelta(days=1))
    rows = orders.subscriptions(scope).filter(
        open_still, later, connection__retired_at=None, status="active"
    )
    return rows.exclude(term_duration=MONTH_TO_MONTH)


def within(rows: QuerySet[Subscription], days: int) -> QuerySet[Subscription]:
    """Those whose last day is one of the next ``days``."""
    until = lifecycle.today() + dt.timedelta(days=days)
    return rows.filter(commitment_end_date__lte=until)


def to_decide(scope: Scope, limit: int) -> list[Subscription]:
    """What asks for a decision now: due within 30 days, nothing decided, not set to be cancelled."""
    rows = within(upcoming(scope), ALERT.days).filter(UNDECIDED)
    cancelled = Q(scheduled_change__actionType="Cancel")
    return list(rows.exclude(cancelled).order_by("commitment_end_date", "pk")[:limit])


def counts(scope: Scope) -> dict[str, int]:
    """Numbers of the room: due in 30 days, undecided of these, rolling on unchosen, renewed and open."""
    rows = within(running(scope).exclude(term_duration=MONTH_TO_MONTH), ALERT.days)
    due = rows.aggregate(due=Count("pk"), undecided=Count("pk", filter=UNDECIDED))
    return due | {"rolling": rolling_on(scope).count(), "renewed": renewed(scope).count()}


def by_day(scope: Scope, first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    """Terms that end on each day: how many, with how many seats, and of how many nothing is decided."""
    start, end = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in (first, last))
    rows: Any = running(scope).exclude(term_duration=MONTH_TO_MONTH)
    told = rows.filter(commitment_end_date__gte=start, commitment_end_date__lt=end)
    return list(
        told.order_by("last_day")
        .values("last_day")
        .annotate(
            number=Count("pk"),
            seats=Sum("quantity"),
            undecided=Count("pk", filter=UNDECIDED),
        )
    )


def decisions(scope: Scope) -> QuerySet[TermDecision]:
    """Every decision kept, with its subscription, customer and change."""
    rows = scope.filter(TermDecision.objects.all())
    return rows.select_related(
        "subscription__customer", "command", "reseller", "connection", "recorded_by"
    ).defer("subscription__list_payload", "subscription__detail_payload")


def decision(scope: Scope, pk: int) -> TermDecision:
    """One of them; 404 outside the scope."""
    found = decisions(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def latest_of(scope: Scope, row: Subscription) -> TermDecision | None:
    """The newest decision about the term that runs, None if nothing was decided in the portal."""
    rows = scope.filter(TermDecision.objects.filter(subscription=row))
    found = rows.filter(ends_on=lifecycle.last_day(row)).exclude(command__state__in=VOID)
    return found.select_related("command", "file", "recorded_by").order_by("-pk").first()


def _with_decision(scope: Scope, rows: QuerySet[Subscription]) -> QuerySet[Subscription]:
    kept = scope.filter(TermDecision.objects.filter(subscription=OuterRef("pk")))
    kept = kept.filter(ends_on=OuterRef("last_day")).exclude(command__state__in=VOID)
    told = JSONObject(by="decided_by", on="decided_on", choice="choice", pk="pk")
    newest = Subquery(kept.order_by("-pk").values(told=told)[:1], output_field=JSONField())
    dated = rows.annotate(last_day=TruncDate("commitment_end_date", tzinfo=dt.UTC))
    return dated.annotate(decision=newest)


def _with_idle(scope: Scope, rows: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """Seats that nobody holds, where all seats of the licence are the reader's subscriptions'; else unknown."""
    skus = SubscribedSku.objects.filter(
        customer=OuterRef("customer_id"), pc_id=OuterRef("gives"), gone_at=None
    ).annotate(ours=hooks.ours(scope))
    own = skus.filter(ours__gt=0, ours=F("units_active") + F("units_warning"))
    free = Subquery(own.values("units_available")[:1], output_field=BigIntegerField())
    # Postgres' LEAST takes no notice of NULL.
    idle = Case(When(free__isnull=False, then=Least("free", "quantity")))
    return rows.annotate(gives=giving.licence()).annotate(free=free).annotate(idle=idle)


def with_idle(scope: Scope, rows: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """Any subscriptions with their ``idle`` seats, as the lists of this room have them."""
    return _with_idle(scope, rows)
