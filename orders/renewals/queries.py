"""Reads of renewals: terms that end, those that nobody chose about, those that have just been renewed, decisions."""

import datetime as dt
from typing import Any

from django.conf import settings
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

from customers.licences import hooks
from customers.models import SubscribedSku
from orders import giving
from orders import queries as orders
from orders.models import Subscription, TermDecision, TermLetter
from orders.renewals import lifecycle
from portal.access.scope import Scope
from portal.connections import clocks
from portal.outbox.states import State

RIGHT = "subscriptions.view"
MONTH_TO_MONTH = "P1M"
# An Azure plan ends in the year 9999.
NEVER = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
# Changes that came to nothing: what was decided with them did not happen.
VOID = (State.FAILED, State.CANCELLED, State.WITHHELD)
# How long before seats can no longer be taken back it is said.
CLOSING = dt.timedelta(hours=72)
# Of rows with ``decision``: nothing that holds was decided about the term that runs.
UNDECIDED = Q(decision__isnull=True)
# In a later term than the first, whose own window may be open: seats added since have windows of theirs.
_RENEWED = Q(effective_start_date__gt=F("creation_date") + dt.timedelta(days=1)) & (
    Q(cancellation_allowed_until__gte=F("refund_until"))
    | Q(refund_until__isnull=True)
    | Q(refund_until__lte=F("effective_start_date") + lifecycle.RECENT)
)


def alert_days() -> int:
    """How many days before its end a term asks for a decision (RENEWAL_ALERT_DAYS)."""
    days: int = settings.RENEWAL_ALERT_DAYS
    return days


def running(scope: Scope) -> QuerySet[Subscription]:
    """Active subscriptions whose term can still be decided on, each with ``last_day`` (UTC) and ``decision``."""
    return _with_decision(scope, _running(scope))


def _running(scope: Scope) -> QuerySet[Subscription]:
    return orders.subscriptions(scope).filter(
        clocks.each(lambda now: Q(commitment_end_date__gte=lifecycle.today(now))),
        connection__retired_at=None,
        status="active",
        commitment_end_date__lt=NEVER,
    )


def ending(scope: Scope) -> QuerySet[Subscription]:
    """Of these the ones worth a decision: month-to-month terms are noise and left out."""
    return running(scope).exclude(term_duration=MONTH_TO_MONTH)


def upcoming(scope: Scope) -> QuerySet[Subscription]:
    """The same with ``idle`` seats, and with what the customer was ``written`` last."""
    return with_written(scope, _with_idle(scope, ending(scope)))


def rolling_on(scope: Scope) -> QuerySet[Subscription]:
    """Those that will go on month by month although nobody chose it; of any term, it costs from its first month."""
    rows = _with_decision(scope, _rolling_on(scope))
    return with_written(scope, _with_idle(scope, rows))


def _rolling_on(scope: Scope) -> QuerySet[Subscription]:
    return _running(scope).filter(lifecycle.unchosen(), lifecycle.rolling())


def renewed(scope: Scope) -> QuerySet[Subscription]:
    """Subscriptions in a later term than their first whose seats, or which themselves, can still be taken back.

    Each with ``idle`` seats.
    """
    return _with_idle(scope, _renewed(scope))


def _renewed(scope: Scope) -> QuerySet[Subscription]:
    return _can_be_taken_back(scope).filter(_RENEWED)


def windows(scope: Scope) -> QuerySet[Subscription]:
    """What should be looked at before a window closes, with ``idle`` and ``renewed``; the first to close is first.

    Seats that can be taken back for some days more, and after a renewal, as soon as it has idle seats. Where
    all seats are known to be in use there is nothing to decide, and month-to-month terms are noise.
    """
    rows = _with_idle(scope, _can_be_taken_back(scope))
    rows = rows.annotate(renewed=Case(When(_RENEWED, then=True), default=False))
    closing = clocks.each(lambda now: Q(refund_until__gt=now, refund_until__lte=now + CLOSING))
    idle = Q(idle__gt=0)
    looked_at = (closing & (Q(idle__isnull=True) | idle)) | (Q(renewed=True) & idle)
    seats_first = When(clocks.each(lambda now: Q(refund_until__gt=now)), then="refund_until")
    closes = Case(seats_first, default="cancellation_allowed_until")
    return rows.filter(looked_at).annotate(closes=closes).order_by("closes", "pk")


def _can_be_taken_back(scope: Scope) -> QuerySet[Subscription]:
    """Active terms of more than a month of which seats, or which themselves, can still be taken back."""
    open_still = clocks.each(
        lambda now: Q(refund_until__gt=now) | Q(cancellation_allowed_until__gt=now)
    )
    rows = orders.subscriptions(scope).filter(
        open_still, connection__retired_at=None, status="active"
    )
    return rows.exclude(term_duration=MONTH_TO_MONTH)


def within(rows: QuerySet[Subscription], days: int) -> QuerySet[Subscription]:
    """Those whose last day is one of the next ``days``."""
    ahead = dt.timedelta(days=days)
    return rows.filter(
        clocks.each(lambda now: Q(commitment_end_date__lte=lifecycle.today(now) + ahead))
    )


def closing(rows: QuerySet[Subscription], days: int) -> QuerySet[Subscription]:
    """Those of which a window closes in the next ``days``."""
    ahead = dt.timedelta(days=days)
    return rows.filter(
        clocks.each(
            lambda now: (
                Q(refund_until__gt=now, refund_until__lte=now + ahead)
                | Q(cancellation_allowed_until__gt=now, cancellation_allowed_until__lte=now + ahead)
            )
        )
    )


def to_decide(scope: Scope) -> QuerySet[Subscription]:
    """What asks for a decision now, the nearest first: due soon, nothing decided, no end or goes-on chosen."""
    rows = within(upcoming(scope), alert_days()).filter(UNDECIDED)
    return rows.filter(lifecycle.renewing()).order_by("commitment_end_date", "pk")


def counts(scope: Scope) -> dict[str, int]:
    """Numbers of the room: due soon, undecided of these, rolling on unchosen, renewed and open.

    Counted without what the lists show beside each row, which costs more than the counting.
    """
    rows = within(ending(scope), alert_days())
    due = rows.aggregate(due=Count("pk"), undecided=Count("pk", filter=UNDECIDED))
    return due | {"rolling": _rolling_on(scope).count(), "renewed": _renewed(scope).count()}


def by_day(scope: Scope, first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    """Terms that end on each day: how many, with how many seats, and of how many nothing is decided."""
    start, end = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in (first, last))
    rows: Any = ending(scope)
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


def of_month(scope: Scope, first: dt.date, last: dt.date, limit: int) -> list[Subscription]:
    """The first terms that end in [first, last), for what they come to."""
    start, end = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in (first, last))
    rows = ending(scope).filter(commitment_end_date__gte=start, commitment_end_date__lt=end)
    return list(rows.order_by("commitment_end_date", "pk")[:limit])


def decisions(scope: Scope) -> QuerySet[TermDecision]:
    """Every decision kept, with its subscription, customer and change."""
    rows = scope.filter(TermDecision.objects.all())
    return rows.select_related(
        "subscription__customer", "command", "reseller", "connection", "recorded_by", "file"
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
    told = JSONObject(
        by="decided_by", on="decided_on", choice="choice", pk="pk", kept="recorded_at"
    )
    newest = Subquery(kept.order_by("-pk").values(told=told)[:1], output_field=JSONField())
    dated = rows.annotate(last_day=TruncDate("commitment_end_date", tzinfo=dt.UTC))
    return dated.annotate(decision=newest)


def with_written(
    scope: Scope, rows: QuerySet[Subscription], slug: str = ""
) -> QuerySet[Subscription]:
    """Rows with ``last_day``, each with the newest mail about its term (of one letter): when, to whom, how it went."""
    letters = scope.filter(TermLetter.objects.filter(subscription=OuterRef("pk")))
    letters = letters.filter(ends_on=OuterRef("last_day"))
    if slug:
        letters = letters.filter(slug=slug)
    told = JSONObject(at="written_at", to="to", slug="slug", state="mail__state", pk="pk")
    newest = letters.order_by("-written_at", "-pk").values(told=told)[:1]
    return rows.annotate(written=Subquery(newest, output_field=JSONField()))


def letters(scope: Scope) -> QuerySet[TermLetter]:
    """What customers were written about terms, with the mail that it was."""
    rows = scope.filter(TermLetter.objects.all())
    return rows.select_related(
        "subscription__customer", "mail", "reseller", "connection", "written_by"
    ).defer("subscription__list_payload", "subscription__detail_payload", "mail__text")


def letters_of(scope: Scope, row: Subscription) -> list[TermLetter]:
    """What its customer was written about the term that runs, the newest first."""
    rows = scope.filter(TermLetter.objects.filter(subscription=row))
    found = rows.filter(ends_on=lifecycle.last_day(row)).select_related("mail")
    return list(found.defer("mail__text").order_by("-written_at", "-pk"))


def letter(scope: Scope, pk: int) -> TermLetter:
    """One of them; 404 outside the scope."""
    found = letters(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


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
