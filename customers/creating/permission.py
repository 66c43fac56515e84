"""Whether Microsoft gives the partner its usual permission in the new tenant (enableGDAPByDefault of create-a-customer).

Without a word of ours it does; what is asked for is always said.
"""

from collections.abc import Mapping

from portal.connections.models import Connection
from portal.partnercenter.operations.permissions import LIST_ADMIN_RELATIONSHIPS
from portal.partnercenter.spec import Cloud

FIELD = "permission"
YES, NO = "yes", "no"


def offered(connection: Connection) -> bool:
    """Whether the cloud has such permissions at all."""
    return Cloud(connection.cloud) in LIST_ADMIN_RELATIONSHIPS.clouds


def flag(connection: Connection, details: Mapping[str, str]) -> bool | None:
    """What is sent of it; None leaves it out."""
    if FIELD not in details or not offered(connection):
        return None
    return details[FIELD] == YES
