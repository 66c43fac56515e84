"""Reading one user again because somebody looks at it."""

from customers.models import CustomerUser
from customers.users.part import ROLES, USERS
from portal.access.guard import require
from portal.access.scope import Scope
from portal.mirror import refresh as mirror_refresh

RIGHT = "mirror.refresh"


def refresh(scope: Scope, user: CustomerUser) -> None:
    """Have the workers read the user and its customer's roles, before anything less urgent."""
    require(scope, RIGHT, user)
    if user.connection.is_retired:
        return
    parent = user.customer_pc_id
    mirror_refresh.request(user.connection, USERS, user.pc_id, parent=parent)
    mirror_refresh.request(user.connection, ROLES, "", parent=parent)
