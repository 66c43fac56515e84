"""Families that take a permission of their own: where the application lacks it, they are left out.

That is a state of the connection, not a failure of a run: the family's age says why it is not read.
"""

from portal.connections.models import Connection
from portal.mirror import dirty, freshness
from portal.mirror.families import Family
from portal.partnercenter.errors import ConsentNeeded, Forbidden

NO_CONSENT = "consent_needed"


def bars(family: Family, error: Exception) -> bool:
    """Whether this refusal says that the permission lacks, and nothing that stops other families."""
    if not family.optional:
        return False
    unasked = isinstance(error, ConsentNeeded) and error.code == NO_CONSENT
    return unasked or isinstance(error, Forbidden)


def note(connection: Connection, family: Family, error: Exception) -> None:
    """Keep the refusal until the list is read again."""
    freshness.bar(connection, family.name, dirty.described(error))
