"""How far a customer's permission reaches, as the mirror knows it, before anybody is refused (900308)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import AdminRelationship, Customer, CustomerUser
from customers.models.permission import STANDING
from customers.permissions import words
from customers.permissions.words import FAMILY, Need
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.mirror import freshness
from portal.mirror.models import Freshness
from portal.partnercenter.operations.permissions import LIST_ADMIN_RELATIONSHIPS
from portal.partnercenter.spec import Cloud

SOON = dt.timedelta(days=30)
"""What ends within this time is told beforehand."""
FRESH = dt.timedelta(minutes=15)
"""Only a reading this new bars anything: an older one may have missed an approval."""


class State(StrEnum):
    """``unknown`` while nobody has read or may read the list, or where the cloud has none."""

    GIVEN = "given"
    EXPIRING = "expiring"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Standing:
    """One need of one customer, as read at ``read_at``. ``ends_at`` is the last end of what opens it, None where it goes on by itself."""

    need: Need
    state: State
    ends_at: dt.datetime | None = None
    is_pending: bool = False
    read_at: dt.datetime | None = None

    @property
    def what(self) -> str:
        return str(words.NEEDS[self.need])

    @property
    def roles(self) -> list[str]:
        """The roles of which one is enough."""
        return [str(words.ROLES[one]) for one in words.OPENED_BY[self.need]]

    @property
    def is_fresh(self) -> bool:
        return self.read_at is not None and self.read_at + FRESH > timezone.now()

    @property
    def is_missing(self) -> bool:
        return self.state == State.MISSING

    @property
    def is_expiring(self) -> bool:
        return self.state == State.EXPIRING


def standing(scope: Scope, customer: Customer, need: Need) -> Standing:
    """Tell how one need stands. Two queries."""
    return standings(scope, customer, [need])[0]


def first(scope: Scope, customer: Customer, *needs: Need) -> Standing:
    """The most pressing of several: the first that is missing, else the first that ends soon."""
    found = standings(scope, customer, needs)
    pressing = [one for one in found if one.is_missing] or [one for one in found if one.is_expiring]
    return (pressing or found)[0]


def owner(user: CustomerUser) -> Customer:
    """The customer of a user that somebody sees, with the connection that came with the user."""
    assert user.customer is not None, "a user that somebody sees has a customer"
    user.customer.connection = user.connection
    return user.customer


def standings(scope: Scope, customer: Customer, needs: Sequence[Need]) -> list[Standing]:
    """Tell how several needs stand, in their order. Two queries."""
    read = freshness.whole(FAMILY, customer.connection_id)
    return judged(customer, read, relationships(scope, customer), needs)


def judged(
    customer: Customer, read: Freshness, rows: Sequence[AdminRelationship], needs: Sequence[Need]
) -> list[Standing]:
    """Tell it of a customer's live rows, with how their whole list stands."""
    if Cloud(customer.connection.cloud) not in LIST_ADMIN_RELATIONSHIPS.clouds:
        return [Standing(need, State.UNKNOWN) for need in needs]
    at = read.current_at
    if at is not None and at < customer.first_seen_at:
        at = None  # read before the customer was there: it says nothing of it
    if read.barred or (at is None and not rows):
        return [Standing(need, State.UNKNOWN) for need in needs]
    return [_of(rows, need, customer.connection.now(), at) for need in needs]


def relationships(scope: Scope, customer: Customer) -> Sequence[AdminRelationship]:
    """The live rows of a customer, the newest first."""
    rows = scope.filter(AdminRelationship.objects.filter(customer=customer, gone_at=None))
    return list(rows.defer("list_payload", "list_digest").order_by("-created_at", "pk"))


def must_stand(scope: Scope, customer: Customer, need: Need) -> None:
    """Raise RefusedError where a new reading says that the permission is missing.

    An older reading is told on the page and bars nothing: Partner Center has the last word.
    """
    found = standing(scope, customer, need)
    if found.is_missing and found.is_fresh:
        told = _("The customer has not given this permission: %(what)s. Request it first.")
        raise RefusedError("permission_missing", told % {"what": found.what})


def stands(row: AdminRelationship, now: dt.datetime) -> bool:
    """Whether a relationship opens anything at a moment; one that is extended goes on."""
    if row.status not in STANDING:
        return False
    return row.ends_at is None or row.is_extended or row.ends_at > now


def lost(customer: Customer, row: AdminRelationship) -> list[Need]:
    """What nothing opens any more once this one has ended."""
    others = AdminRelationship.objects.filter(customer=customer, gone_at=None).exclude(pk=row.pk)
    now = customer.connection.now()
    kept = [one.role_ids for one in others if stands(one, now)]
    return [
        need
        for need in Need
        if words.opens(row.role_ids, need) and not any(words.opens(ids, need) for ids in kept)
    ]


def _of(
    rows: Sequence[AdminRelationship], need: Need, now: dt.datetime, at: dt.datetime | None
) -> Standing:
    fitting = [row for row in rows if words.opens(row.role_ids, need)]
    open_now = [row for row in fitting if stands(row, now)]
    pending = any(row.status == words.PENDING for row in fitting)
    if not open_now:
        return Standing(need, State.MISSING, is_pending=pending, read_at=at)
    ends = [row.ends_at for row in open_now if row.ends_at and not row.is_extended]
    last = max(ends) if len(ends) == len(open_now) else None
    soon = last is not None and last <= now + SOON
    state = State.EXPIRING if soon else State.GIVEN
    return Standing(need, state, last, is_pending=pending, read_at=at)
