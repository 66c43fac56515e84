"""What the queue runs for invoices."""

from celery import shared_task

from billing import delivery
from billing.models import InvoiceStatement, StatementState


@shared_task(name="billing.tasks.fetch_statement", ignore_result=True)
def fetch_statement(statement_id: int) -> None:
    """Fetch a statement that is still waited for; a second delivery of the task does nothing."""
    row = (
        InvoiceStatement.objects.select_related("invoice", "connection")
        .filter(pk=statement_id, state=StatementState.WAITING)
        .first()
    )
    if row is not None:
        delivery.fetch(row)
