"""Reads of Commands. The scope comes first; nothing here writes."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import Http404
from django.utils import timezone

from portal.access.scope import Scope
from portal.outbox.models import Command
from portal.outbox.states import NEEDS_PERSON, OPEN, State

# How long a confirmed or withheld change is still told beside its target.
FRESH = dt.timedelta(minutes=10)
# Changes under way for people: everything that may still be sent by itself.
UNDER_WAY = (State.WAITING, State.SCHEDULED, State.QUEUED, State.SENDING)


def commands(scope: Scope) -> QuerySet[Command]:
    """The Commands that this scope sees, with the people and the connection behind them."""
    return scope.filter(Command.objects.all()).select_related(
        "actor", "approved_by", "connection", "reseller"
    )


def command(scope: Scope, pk: int) -> Command:
    """One Command, or 404 outside the scope."""
    found = commands(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def counts(scope: Scope) -> dict[str, int]:
    """For the home page: sending (under way), in_doubt, failed, awaiting_approval."""
    return scope.filter(Command.objects.all()).aggregate(
        sending=Count("pk", filter=Q(state__in=UNDER_WAY)),
        in_doubt=Count("pk", filter=Q(state=State.IN_DOUBT)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        awaiting_approval=Count("pk", filter=Q(state=State.AWAITING_APPROVAL)),
    )


def attention(scope: Scope, limit: int) -> list[Command]:
    """Commands that want a person: in doubt first, then failed, then those awaiting approval."""
    rank = Case(
        When(state=State.IN_DOUBT, then=Value(0)),
        When(state=State.FAILED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    wanted = (*NEEDS_PERSON, State.AWAITING_APPROVAL)
    return list(commands(scope).filter(state__in=wanted).order_by(rank, "-pk")[:limit])


def live_by_target(scope: Scope, target_type: str, ids: Iterable[int]) -> dict[int, Command]:
    """The Command to show beside each target, in one query: see ``live_for``."""
    rows = (
        commands(scope)
        .filter(shown(), target_type=target_type, target_id__in=list(ids))
        .order_by("target_id", "-pk")
        .distinct("target_id")
    )
    return {row.target_id: row for row in rows}


def live_for(scope: Scope, target_type: str, target_id: int) -> Command | None:
    """The newest Command of a target that is open, failed, or settled a moment ago; None for none."""
    return live_by_target(scope, target_type, [target_id]).get(target_id)


def expected(target_type: str, target_id: int) -> dict[str, Any]:
    """What the open Commands of a target will leave, field by field; the latest one's word holds."""
    rows = Command.objects.filter(target_type=target_type, target_id=target_id, state__in=OPEN)
    told: dict[str, Any] = {}
    for after in rows.order_by("pk").values_list("after", flat=True):
        told |= after
    return told


def of_customer(scope: Scope, connection_id: int, customer_pc_id: str) -> QuerySet[Command]:
    """The Commands about one customer."""
    return commands(scope).filter(connection_id=connection_id, customer_pc_id=customer_pc_id)


def under_way(rows: QuerySet[Command], limit: int) -> list[Command]:
    """Of these the newest that are not settled: open, or failed and still to be looked at."""
    return list(rows.filter(state__in=(*OPEN, State.FAILED)).order_by("-pk")[:limit])


def matching(queryset: QuerySet[Command], text: str) -> QuerySet[Command]:
    """Keep Commands whose target, customer or person holds the text, or whose id is the text."""
    found = (
        Q(target_label__icontains=text)
        | Q(customer_name__icontains=text)
        | Q(target_pc_id=text.lower())
        | Q(actor__name__icontains=text)
        | Q(actor__email__icontains=text)
    )
    return queryset.filter(found | Q(pk=int(text)) if text.isdecimal() else found)


def shown() -> Q:
    """Changes that are told beside their target: open, failed, or settled a moment ago."""
    fresh = Q(state__in=(State.SUCCEEDED, State.WITHHELD)) & Q(
        settled_at__gte=timezone.now() - FRESH
    )
    return Q(state__in=(*OPEN, State.FAILED)) | fresh
