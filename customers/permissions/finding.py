"""Customers by what they permit, as conditions over the mirror: what lists and their query bars filter by."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import AdminRelationship
from customers.models.permission import STANDING
from customers.permissions import words
from customers.permissions.standing import SOON
from customers.permissions.words import FAMILY, Need
from portal.mirror.models import Freshness

GIVEN, EXPIRING, MISSING, UNKNOWN = "given", "expiring", "missing", "unknown"
CHOICES = [
    (GIVEN, _("May manage users")),
    (EXPIRING, _("Permission ends within 30 days")),
    (MISSING, _("No permission for users")),
    (UNKNOWN, _("Permission not known")),
]
NOT_EXTENDED = ("", "P0D", "PT0S")


def standing(word: str) -> Q:
    """Customers whose permission to manage users is given, ends soon, is missing, or is not known.

    Rows of a customer are seen with it, so the reader's scope over customers is enough.
    """
    now = timezone.now()
    opens = Exists(_opening(Q(ends_at__gt=now)))
    lasts = Exists(_opening(Q(ends_at__gt=now + SOON)))
    known = Exists(_read())
    return {
        GIVEN: Q(opens) & Q(known),
        EXPIRING: Q(opens) & ~Q(lasts) & Q(known),
        MISSING: ~Q(opens) & Q(known),
        UNKNOWN: ~Q(known),
    }.get(word, Q(pk__in=[]))


def _opening(lasting: Q) -> QuerySet[AdminRelationship]:
    """What lets us manage the customer's users, and goes on by itself or lasts as told."""
    roles = [*words.OPENED_BY[Need.USERS], words.GLOBAL_ADMINISTRATOR]
    goes_on = Q(ends_at=None) | ~Q(extension__in=NOT_EXTENDED)
    return AdminRelationship.objects.filter(
        goes_on | lasting,
        customer=OuterRef("pk"),
        gone_at=None,
        status__in=STANDING,
        role_ids__has_any_keys=roles,
    )


def _read() -> QuerySet[Freshness]:
    """How the whole list stands, where it was read since the customer came and still may be."""
    return Freshness.objects.filter(
        connection=OuterRef("connection"),
        family=FAMILY,
        parent="",
        barred__isnull=True,
        complete_at__gte=OuterRef("first_seen_at"),
    )
