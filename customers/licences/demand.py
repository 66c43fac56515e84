"""Reading what one user holds because somebody looks: how it stands, and asking for it."""

from django.utils import timezone

from customers import demand
from customers.demand import OLD, RIGHT, Part, Reading, State
from customers.licences import mapping, sync
from customers.models import CustomerUser
from portal.access.guard import require
from portal.access.scope import Scope
from portal.mirror import families, freshness, refresh
from portal.mirror.models import DirtyMark
from portal.partnercenter.spec import Cloud

PART = Part("licences", (sync.SKUS,), "customer_licences")
"""The products of a customer."""


def place(user: CustomerUser) -> str:
    """What names the user's licences in the mirror."""
    return mapping.place(user.customer_pc_id, user.pc_id)


def reading(user: CustomerUser) -> Reading:
    """Tell how the reading of a user's licences stands."""
    connection = user.connection
    if Cloud(connection.cloud) not in families.get(sync.HELD).listing.operation.clouds:
        return Reading(State.CLOSED, why="cloud")
    if connection.consented_at is None:
        return Reading(State.CLOSED, why="consent")
    at = freshness.complete_at(sync.HELD, [connection.pk], place(user))
    mark = DirtyMark.objects.filter(
        connection=connection, family=sync.HELD, parent=place(user), key="", priority__gte=0
    ).first()
    if mark is not None:
        late = mark.marked_at + refresh.PATIENCE < timezone.now()
        return Reading(State.FAILED if mark.error or late else State.ASKING, at, mark.error or {})
    if at is None:
        return Reading(State.UNREAD)
    return Reading(State.OLD if at + OLD < timezone.now() else State.KNOWN, at)


def ask(scope: Scope, user: CustomerUser, *, again: bool = False) -> Reading:
    """Have the licences of a user read, and the customer's products, unless they are new."""
    require(scope, RIGHT, user)
    found = reading(user)
    wanted = {State.UNREAD, State.OLD} | ({State.FAILED, State.KNOWN} if again else set())
    if user.connection.is_retired or user.gone_at or found.state not in wanted:
        return found
    refresh.request(user.connection, sync.HELD, "", parent=place(user))
    if user.customer is not None:
        demand.ask(scope, user.customer, PART)
    return Reading(State.ASKING, found.at)
