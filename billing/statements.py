"""The statements of invoices as stored files: their kind, and who may read one."""

from django.utils.translation import gettext_lazy as _

from billing.models import InvoiceStatement
from portal.access.scope import Scope
from portal.activity.kinds import kind
from portal.lists import files
from portal.lists.models import StoredFile

KIND = "invoice.statement"
RIGHT = "invoices.view"
ASKED = "invoice.statement_requested"


def may_read(scope: Scope, stored: StoredFile) -> bool:
    """Whoever may see the invoice may read its statement."""
    rows = scope.filter(InvoiceStatement.objects.filter(file=stored))
    found = rows.first()
    return found is not None and scope.can(RIGHT, found)


def setup() -> None:
    """Register the rule and the entry's wording (from ``AppConfig.ready``)."""
    files.register(KIND, may_read)
    kind(ASKED, _("Statement of invoice {number} requested"))
