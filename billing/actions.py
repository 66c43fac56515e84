"""What staff ask for at an invoice: its statement, and to have it read again."""

from functools import partial

from celery import current_app
from django.db import transaction
from django.utils import timezone

from billing import queries
from billing.models import Invoice, InvoiceStatement, StatementState
from billing.statements import ASKED, RIGHT
from billing.sync import INVOICES, LINES
from portal.access.guard import require
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.mirror import refresh as mirror_refresh
from portal.mirror.refresh import Target


def request_statement(actor: Actor, scope: Scope, invoice: Invoice) -> InvoiceStatement:
    """Have a worker fetch the PDF; a statement that is there already is not fetched again.

    Raises Http404 outside the scope, PermissionDenied without the right to see invoices.
    """
    require(scope, RIGHT, invoice)
    with transaction.atomic():
        row, _made = InvoiceStatement.objects.get_or_create(
            invoice=invoice,
            defaults={"connection": invoice.connection, "asked_at": timezone.now()},
        )
        if row.state == StatementState.READY:
            return row
        row.state, row.error = StatementState.WAITING, None
        row.asked_by_id, row.asked_at = actor.user_id, timezone.now()
        row.save(update_fields=["state", "error", "asked_by", "asked_at"])
        record(
            ASKED,
            actor=actor,
            connection=invoice.connection,
            target=("invoice", invoice.pk, invoice.pc_id),
            parameters={"number": invoice.pc_id},
        )
        transaction.on_commit(partial(_queue, row.pk))
    return row


def targets(invoice: Invoice) -> list[Target]:
    """What is read again for an invoice: the list that it stands in, and its lines."""
    found = [Target(invoice.connection, INVOICES)]
    if invoice.has_lines:
        found.append(Target(invoice.connection, LINES, parent=invoice.pc_id))
    return found


def list_targets(scope: Scope) -> list[Target]:
    """The lists of invoices that this scope may have read again."""
    return [Target(connection, INVOICES) for connection in queries.refreshable(scope)]


def refresh(scope: Scope, invoice: Invoice) -> None:
    """Have the workers re-read the list of invoices and this one's lines.

    Raises Http404 outside the scope, PermissionDenied without the right.
    """
    require(scope, queries.REFRESH, invoice)
    mirror_refresh.ask(targets(invoice))


def refresh_list(scope: Scope) -> None:
    """Have the workers re-read the lists of invoices that this scope may ask for.

    Lines are read for those that are new or differ.
    """
    mirror_refresh.ask(list_targets(scope))


def _queue(statement_id: int) -> None:
    # By name: the web knows no delivery. A person waits, so it goes where the questions go.
    current_app.send_task("billing.tasks.fetch_statement", args=[statement_id], queue="interactive")
