"""The statements of invoices as stored files: their kind, and who may read one."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models import InvoiceStatement, StatementState
from portal.access.scope import Scope
from portal.activity.kinds import kind
from portal.lists import files
from portal.lists.models import StoredFile

KIND = "invoice.statement"
RIGHT = "invoices.view"
ASKED = "invoice.statement_requested"
PATIENCE = dt.timedelta(seconds=30)
"""After this long a fetch that has not settled is queued once more."""
MOST = 200


def may_read(scope: Scope, stored: StoredFile) -> bool:
    """Whoever may see the invoice may read its statement."""
    rows = scope.filter(InvoiceStatement.objects.filter(file=stored))
    found = rows.first()
    return found is not None and scope.can(RIGHT, found)


def waiting() -> list[int]:
    """Return statements that somebody still waits for and that no worker has settled since."""
    rows = InvoiceStatement.objects.filter(
        state=StatementState.WAITING,
        asked_at__lt=timezone.now() - PATIENCE,
        connection__problem_at=None,
        connection__retired_at=None,
    )
    return list(rows.order_by("asked_at").values_list("pk", flat=True)[:MOST])


def setup() -> None:
    """Register the rule and the entry's wording (from ``AppConfig.ready``)."""
    files.register(KIND, may_read)
    kind(ASKED, _("Statement of invoice {number} requested"))
