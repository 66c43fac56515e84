"""What the queue runs for invoices."""

from celery import shared_task
from django.core.cache import cache

from billing import delivery, statements
from billing.models import InvoiceStatement, StatementState

AT_WORK = 120
"""Seconds that one fetch may take, its retries included; after that it is taken for lost."""


@shared_task(name="billing.tasks.fetch_statement", ignore_result=True)
def fetch_statement(statement_id: int) -> None:
    """Fetch a statement that is still waited for; a second delivery of the task does nothing."""
    busy = f"billing-statement:{statement_id}"
    if not cache.add(busy, 1, AT_WORK):
        return
    try:
        _fetch(statement_id)
    finally:
        cache.delete(busy)


def _fetch(statement_id: int) -> None:
    row = (
        InvoiceStatement.objects.select_related("invoice", "connection")
        .filter(pk=statement_id, state=StatementState.WAITING)
        .first()
    )
    if row is not None:
        delivery.fetch(row)


@shared_task(name="billing.tasks.sweep_statements", ignore_result=True)
def sweep_statements() -> None:
    """Queue fetches whose task was lost: what is waited for stands in Postgres."""
    for statement_id in statements.waiting():
        fetch_statement.delay(statement_id)
