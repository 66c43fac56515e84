"""Which customers have an agreement, as far as the mirror knows."""

from django.db.models import Exists, OuterRef, Q

from customers.agreements.part import AGREEMENTS
from customers.models import Agreement, DirectSignature
from portal.mirror.models import Freshness

CONFIRMED, MISSING, UNREAD = "confirmed", "missing", "unread"


def standing(word: str) -> Q:
    """Customers whose Customer Agreement is confirmed or signed, missing, or not read yet.

    Rows of a customer are seen with it, so the reader's scope over customers is enough.
    """
    agreed = Agreement.objects.filter(customer=OuterRef("pk"), gone_at=None)
    signed = DirectSignature.objects.filter(customer=OuterRef("pk"), gone_at=None, is_signed=True)
    read = Freshness.objects.filter(
        connection=OuterRef("connection"), family=AGREEMENTS, parent=OuterRef("pc_id")
    )
    has = Q(Exists(agreed)) | Q(Exists(signed))
    return {
        CONFIRMED: has,
        MISSING: ~has & Q(Exists(read)),
        UNREAD: ~has & ~Q(Exists(read)),
    }.get(word, Q(pk__in=[]))
