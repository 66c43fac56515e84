"""What is read of one customer when somebody looks: how the reading stands, and asking for it.

A part is what one tab shows; it names the families whose lists of this customer it needs. What is
older than an hour is asked for again when the tab opens, and shown meanwhile.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.http import Http404
from django.utils import timezone

from customers.models import Customer
from portal.access.guard import require
from portal.access.scope import Scope
from portal.mirror import families, refresh
from portal.mirror.freshness import CURRENT
from portal.mirror.models import DirtyMark, Freshness
from portal.partnercenter.spec import Cloud
from portal.ui import upstream

RIGHT = "mirror.refresh"
OLD = dt.timedelta(hours=1)


class State(StrEnum):
    """How a part stands. ``old`` is shown like ``known`` and asked for again."""

    KNOWN = "known"
    OLD = "old"
    UNREAD = "unread"
    ASKING = "asking"
    FAILED = "failed"
    CLOSED = "closed"


@dataclass(frozen=True)
class Part:
    """Families that one tab needs; ``url_name`` is the tab."""

    slug: str
    families: tuple[str, ...]
    url_name: str


@dataclass(frozen=True)
class Reading:
    """``at`` is the oldest moment that the part stands for, None while something is unread.

    ``error`` is what Partner Center said; empty where no worker came. ``why`` tells what closes it.
    """

    state: State
    at: dt.datetime | None = None
    error: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        told = upstream.as_json(self.error)
        return {"state": str(self.state), "observed_at": self.at, "error": told}


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    """Enter a part; called once from AppConfig.ready."""
    _parts[part.slug] = part


def part(slug: str) -> Part:
    """The part of that name; Http404 for none."""
    if slug not in _parts:
        raise Http404
    return _parts[slug]


def reading(customer: Customer, one: Part) -> Reading:
    """Tell how a part of this customer stands. Two queries."""
    open_families = _open(customer, one)
    if not open_families:
        why = "cloud" if _lacking(customer, one) else "consent"
        return Reading(State.CLOSED, why=why)
    rows = Freshness.objects.filter(
        connection=customer.connection_id, family__in=open_families, parent=customer.pc_id
    )
    ages = list(rows.order_by().values_list(CURRENT, flat=True))
    at = min(ages) if len(ages) == len(open_families) and all(ages) else None
    marks = DirtyMark.objects.filter(
        connection=customer.connection_id,
        family__in=open_families,
        parent=customer.pc_id,
        key="",
        priority__gte=0,
    )
    found = list(marks)
    # One list refused is the part's refusal, also while another is still being read.
    if error := next((mark.error for mark in found if mark.error), None):
        return Reading(State.FAILED, at, error)
    if any(mark.marked_at + refresh.PATIENCE < timezone.now() for mark in found):
        return Reading(State.FAILED, at)
    if found:
        return Reading(State.ASKING, at)
    if at is None:
        return Reading(State.UNREAD)
    return Reading(State.OLD if at + OLD < timezone.now() else State.KNOWN, at)


def ask(scope: Scope, customer: Customer, one: Part, *, again: bool = False) -> Reading:
    """Have a part read unless it is new or being read; ``again`` in any case."""
    require(scope, RIGHT, customer)
    found = reading(customer, one)
    wanted = {State.UNREAD, State.OLD}
    if again:
        wanted |= {State.FAILED, State.KNOWN}
    if customer.connection.is_retired or customer.gone_at or found.state not in wanted:
        return found
    for name in _open(customer, one):
        refresh.request(customer.connection, name, "", parent=customer.pc_id)
    return Reading(State.ASKING, found.at)


def _open(customer: Customer, one: Part) -> list[str]:
    """The families that this connection may read at all."""
    return [name for name in one.families if not _closed(customer, name)]


def _closed(customer: Customer, name: str) -> bool:
    operation = families.get(name).listing.operation
    connection = customer.connection
    if Cloud(connection.cloud) not in operation.clouds:
        return True
    return operation.needs_user and connection.consented_at is None


def _lacking(customer: Customer, one: Part) -> bool:
    cloud = Cloud(customer.connection.cloud)
    return all(cloud not in families.get(n).listing.operation.clouds for n in one.families)
