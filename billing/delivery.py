"""The worker's side of a statement: fetch the PDF (get-invoice-statement), look at it, keep it."""

from django.db import transaction
from django.utils import timezone

from billing.models import InvoiceStatement, StatementState
from billing.statements import KIND
from portal.connections.clients import get_client
from portal.lists import files
from portal.mirror.dirty import described
from portal.partnercenter.errors import PartnerError
from portal.partnercenter.operations.invoices import GET_INVOICE_STATEMENT

MAGIC = b"%PDF-"
LARGEST = 25 * 1024 * 1024
PDF = "application/pdf"


def fetch(row: InvoiceStatement) -> None:
    """Fetch and keep a statement that somebody waits for; a refusal is kept with its words."""
    try:
        client = get_client(row.connection, "question")
        content: bytes = client.call(GET_INVOICE_STATEMENT, invoice_id=row.invoice.pc_id)
    except PartnerError as error:
        _fail(row, described(error))
        return
    # The documented answer calls its PDF JSON, so only the bytes tell (get-invoice-statement).
    if not content.startswith(MAGIC) or len(content) > LARGEST:
        _fail(row, {"code": "not_a_pdf", "message": "", "correlation_id": ""})
        return
    with transaction.atomic():
        row.file = files.store(
            [content],
            owner=None,
            kind=KIND,
            name=f"{row.invoice.pc_id}.pdf",
            content_type=PDF,
            subject_id=row.invoice_id,
        )
        row.state, row.fetched_at, row.error = StatementState.READY, timezone.now(), None
        row.save(update_fields=["file", "state", "fetched_at", "error"])


def _fail(row: InvoiceStatement, error: dict[str, object]) -> None:
    row.state, row.error = StatementState.FAILED, error
    row.save(update_fields=["state", "error"])
