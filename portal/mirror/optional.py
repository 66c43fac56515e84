"""Families that take a permission of their own: where the application lacks it, they are left out.

That is a state of the connection, not a failure of a run: the family's age says why it is not read.
"""

from portal.connections.models import Connection
from portal.mirror import dirty, freshness, refresh
from portal.mirror.families import Family
from portal.mirror.models import Freshness
from portal.partnercenter.errors import ConsentNeeded, Forbidden

NO_CONSENT = "consent_needed"


def bars(family: Family, error: Exception) -> bool:
    """Whether this refusal says that the permission lacks, and nothing that stops other families."""
    if not family.optional:
        return False
    unasked = isinstance(error, ConsentNeeded) and error.code == NO_CONSENT
    return unasked or isinstance(error, Forbidden)


def note(connection: Connection, family: Family, error: Exception) -> None:
    """Keep the refusal until the list is read again; that nobody has consented the connection tells itself."""
    told = dirty.described(error)
    if told["code"] != NO_CONSENT:
        freshness.bar(connection, family.name, told)


def try_again(connection: Connection) -> None:
    """Have the workers read what was barred: the permission may have been given meanwhile."""
    rows = Freshness.objects.filter(connection=connection, parent="", barred__isnull=False)
    names = rows.values_list("family", flat=True)
    refresh.ask(refresh.Target(connection, name) for name in names)
