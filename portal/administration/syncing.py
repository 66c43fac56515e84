"""How the mirror of each connection stands: what the sync page and its live part show."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.administration.probes import Text, permit_for
from portal.connections.models import Connection
from portal.mirror import rounds, schedule
from portal.mirror.models import (
    DirtyMark,
    Freshness,
    Kind,
    PassState,
    RunState,
    SyncPass,
    SyncRun,
)

FAMILIES: dict[str, Text] = {
    "resellers": _("Indirect resellers"),
    "relationships": _("Reseller relationships"),
    "admin_relationships": _("Permissions of customers"),
    "customers": _("Customers"),
    "subscriptions": _("Subscriptions"),
    "audit_records": _("Partner Center activity"),
    "invoices": _("Invoices"),
    "invoice_lines": _("Invoice lines"),
}
# Lists that are read when somebody looks, and by age.
AGED: dict[str, Text] = {
    "orders": _("Orders"),
    "customer_users": _("Users"),
    "directory_roles": _("Directory roles"),
    "subscribed_skus": _("Licences of customers"),
    "user_licences": _("Licences of users"),
    "company_profiles": _("Company profiles"),
    "billing_profiles": _("Billing profiles"),
    "agreements": _("Agreements"),
    "cloud_agreements": _("Earlier agreements"),
    "direct_signatures": _("Direct signatures"),
    "qualifications": _("Qualifications"),
    "usage_budgets": _("Usage budgets"),
    "entitlements": _("Entitlements"),
    "price_sheets": _("Price sheets"),
}
SHOWN_RUNS = 5

# Words of portal.ui.statuses for the states of a run and of a pass.
STATUSES: dict[str, str] = {
    RunState.RUNNING: "running",
    RunState.PAUSED: "stopped",
    RunState.BLOCKED: "attention_needed",
    RunState.SUCCEEDED: "succeeded",
    RunState.FAILED: "failed",
    PassState.WAITING: "queued",
    PassState.CONFIRMED: "running",
    PassState.REJECTED: "finished",
    PassState.SUPERSEDED: "cancelled",
    PassState.DONE: "done",
}


@dataclass(frozen=True, kw_only=True)
class PassRow:
    """One family of a run. ``share`` is the progress in per cent, None while the total is unknown."""

    one: SyncPass
    title: Text
    status: str
    share: int | None
    error: dict[str, Any]
    step: Text = ""


@dataclass(frozen=True, kw_only=True)
class Age:
    """How old a family is. ``step`` is what lets it be read where it is not permitted."""

    title: Text
    at: datetime | None
    step: Text = ""


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """One run as the page shows it."""

    run: SyncRun
    status: str
    passes: list[PassRow]
    error: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class AgedRow:
    """One family that is read by age; ``since`` is the moment before which no reading is, in the long run."""

    title: Text
    round: rounds.Round
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The mirror of one connection. ``dirty`` counts marks."""

    connection: Connection
    current: RunRow | None
    earlier: list[RunRow]
    ages: list[Age]
    dirty: int
    full_due: datetime | None
    changes_due: datetime | None
    blocked: list[PassRow] = field(default_factory=list)
    aged: list[AgedRow] = field(default_factory=list)

    @property
    def running(self) -> bool:
        return self.current is not None and self.current.run.state == RunState.RUNNING


def standings(connections: Sequence[Connection]) -> list[Standing]:
    """Read how each connection's mirror stands, with as many queries for one as for many."""
    ids = [connection.pk for connection in connections]
    counted = DirtyMark.objects.filter(connection_id__in=ids, priority__gte=0)
    read = _Read(
        dirty=dict(counted.values_list("connection_id").annotate(n=Count("pk"))),
        ages={
            (row.connection_id, row.family): row
            for row in Freshness.objects.filter(connection_id__in=ids, parent="")
        },
        runs=_runs(connections),
        begun=_begun(ids),
        blocked=_blocked(ids),
    )
    return [_standing(connection, read) for connection in connections]


@dataclass(frozen=True)
class _Read:
    """What was read for all connections at once, by connection."""

    dirty: dict[int, int]
    ages: dict[tuple[int, str], Freshness]
    runs: dict[int, list[RunRow]]
    begun: dict[tuple[int, str], datetime]
    blocked: dict[int, list[PassRow]]


def _standing(connection: Connection, read: _Read) -> Standing:
    runs = read.runs[connection.pk]
    active = [row for row in runs if row.run.finished_at is None]
    current = active[0] if active else next(iter(runs), None)
    return Standing(
        connection=connection,
        current=current,
        earlier=[row for row in runs if row is not current],
        ages=[_age(name, read.ages.get((connection.pk, name))) for name in FAMILIES],
        dirty=read.dirty.get(connection.pk, 0),
        full_due=_due(connection, Kind.FULL, read),
        changes_due=_due(connection, Kind.CHANGES, read),
        blocked=read.blocked.get(connection.pk, []),
        aged=_aged(connection),
    )


def _aged(connection: Connection) -> list[AgedRow]:
    if connection.is_retired:
        return []
    now = timezone.now()
    return [
        AgedRow(title=AGED.get(one.family, one.family), round=one, since=now - one.at_most)
        for one in rounds.rounds(connection)
        if one.lists
    ]


def _age(family: str, row: Freshness | None) -> Age:
    step = permit_for(family, row.barred) if row and row.barred else ""
    return Age(title=FAMILIES[family], at=row.current_at if row else None, step=step)


def _runs(connections: Sequence[Connection]) -> dict[int, list[RunRow]]:
    """The latest runs of each connection with their passes, newest first."""
    latest = SyncRun.objects.order_by("-started_at").prefetch_related("passes")[:SHOWN_RUNS]
    prefetch_related_objects(
        connections, Prefetch("sync_runs", queryset=latest, to_attr="latest_runs")
    )
    return {
        connection.pk: [_run(run) for run in getattr(connection, "latest_runs", [])]
        for connection in connections
    }


def _blocked(ids: Sequence[int]) -> dict[int, list[PassRow]]:
    """Removals that wait for a person, however old their run is."""
    found: dict[int, list[PassRow]] = {}
    rows = SyncPass.objects.filter(run__connection__in=ids, state=PassState.BLOCKED)
    for one in rows.select_related("run").order_by("pk"):
        found.setdefault(one.run.connection_id, []).append(_pass(one))
    return found


def _begun(ids: Sequence[int]) -> dict[tuple[int, str], datetime]:
    """When the last run of each kind began."""
    rows = SyncRun.objects.filter(connection__in=ids).order_by()
    kinds = rows.values("connection_id", "kind").annotate(at=Max("started_at"))
    return {(row["connection_id"], row["kind"]): row["at"] for row in kinds}


def _due(connection: Connection, kind: str, read: _Read) -> datetime | None:
    """When the clock begins the next run of a kind; None until a person has begun the first."""
    if connection.is_paused:
        return None
    every = {Kind.FULL: schedule.full_every, Kind.CHANGES: schedule.changes_every}[Kind(kind)]()
    last = read.begun.get((connection.pk, kind))
    return last + every if last else None


def _run(run: SyncRun) -> RunRow:
    return RunRow(
        run=run,
        status=STATUSES.get(run.state, run.state),
        passes=[_pass(one) for one in run.passes.all()],
        error=run.error or {},
    )


def _pass(one: SyncPass) -> PassRow:
    closed = one.state == PassState.NOT_PERMITTED
    share = min(100, round(100 * one.done / one.total)) if one.total else None
    return PassRow(
        one=one,
        title=FAMILIES.get(one.family, one.family),
        status="attention_needed"
        if one.state == PassState.BLOCKED
        else STATUSES.get(one.state, one.state),
        share=100 if one.state == PassState.DONE else share,
        error=one.error or {},
        step=permit_for(one.family, one.error or {}) if closed else "",
    )
