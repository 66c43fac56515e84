"""The permissions of many customers at once: what the dry run of a batch says of each row.

A batch that went out would be refused row by row (900308), so a row bars itself here, whatever the age
of the reading; its reason says the age.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from customers.models import AdminRelationship, CustomerUser
from customers.permissions import words
from customers.permissions.standing import Standing, judged, owner
from customers.permissions.words import FAMILY, Need
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.mirror.models import Freshness
from portal.ui import formats
from portal.ui.sentences import Facts, Sentence

MISSING = "permission.missing"


def known(scope: Scope, users: QuerySet[CustomerUser], need: Need) -> dict[int, CustomerUser]:
    """The users by id, each with how the need of its customer stands. Four queries for all.

    With them come the links that tell whether a person may do it there.
    """
    found = {user.pk: user for user in users.prefetch_related("customer__reseller_links")}
    customers = {user.customer_id: owner(user) for user in found.values()}
    read = _read({one.connection_id for one in customers.values()})
    rows = _relationships(scope, customers)
    stands = {
        pk: judged(one, read.get(one.connection_id, Freshness()), rows[pk], [need])[0]
        for pk, one in customers.items()
    }
    for user in found.values():
        vars(user)["permission"] = stands[user.customer_id]
    return found


def must_stand(user: CustomerUser) -> None:
    """Raise RefusedError where ``known`` found that the customer has not given the permission."""
    found: Standing = vars(user)["permission"]
    if found.is_missing:
        at = found.read_at.isoformat() if found.read_at else ""
        raise RefusedError("permission_missing", Sentence(MISSING, need=found.need.value, at=at))


def missing(facts: Facts) -> str:
    """The sentence of a refused row."""
    told = _("The customer has not given this permission: %(what)s. Request it first.")
    said = told % {"what": words.NEEDS[Need(facts["need"])]}
    if not facts["at"]:
        return said
    at = formats.when(dt.datetime.fromisoformat(facts["at"]))
    return f"{said} {_('Read from Microsoft Graph: %(when)s.') % {'when': at}}"


def _read(connection_ids: set[int]) -> dict[int, Freshness]:
    rows = Freshness.objects.filter(family=FAMILY, parent="", connection__in=connection_ids)
    return {row.connection_id: row for row in rows}


def _relationships(
    scope: Scope, customers: Iterable[int | None]
) -> dict[int | None, list[AdminRelationship]]:
    """The live rows by customer."""
    rows = AdminRelationship.objects.filter(customer__in=list(customers), gone_at=None)
    found: dict[int | None, list[AdminRelationship]] = defaultdict(list)
    for row in scope.filter(rows).defer("list_payload", "list_digest"):
        found[row.customer_id].append(row)
    return found
