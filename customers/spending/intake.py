"""A table of usage budgets: the customer's tenant ID and the budget a month, one customer a line."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.utils.translation import gettext_lazy

from customers import queries
from customers.models import Customer
from customers.spending import actions
from portal.access.scope import Scope
from portal.lists.intake.columns import Column
from portal.lists.intake.reading import Problem, Reading
from portal.outbox.batches.capturing import Target
from portal.ui.sentences import Sentence

AT_ONCE = 1000
MOST = Decimal(10) ** 14
WORDS = {
    "spending.no_id": gettext_lazy("This is no tenant ID."),
    "spending.no_amount": gettext_lazy("Write an amount, for example 1500 or 1500.50."),
    "spending.not_seen": gettext_lazy("You see no customer of this tenant ID."),
    "spending.several": gettext_lazy("Several connections have a customer of this tenant ID."),
}


def _identifier(text: str) -> str:
    try:
        return str(UUID(text.strip()))
    except ValueError:
        raise ValueError(Sentence("spending.no_id")) from None


def _amount(text: str) -> str:
    """The amount as a Command keeps it; a comma may stand before the cents."""
    plain = "".join(text.split())
    try:
        found = Decimal(plain if "." in plain else plain.replace(",", "."))
    except InvalidOperation:
        raise ValueError(Sentence("spending.no_amount")) from None
    if not found.is_finite() or not 0 <= found < MOST:
        raise ValueError(Sentence("spending.no_amount"))
    return str(actions.written(found))


COLUMNS = (
    Column(key="tenant_id", label=gettext_lazy("Tenant ID"), clean=_identifier, unique=True),
    Column(key="budget", label=gettext_lazy("Budget a month"), clean=_amount),
)


def targets(scope: Scope, found: Reading) -> Iterator[Target]:
    """A row for each line whose customer the person sees."""
    known = _known(scope, [line.values["tenant_id"] for line in found.rows])
    for line in found.rows:
        rows = known.get(line.values["tenant_id"], [])
        if len(rows) == 1:
            yield Target(rows[0], rows[0].name, {"budget": line.values["budget"]}, line.line)
            continue
        why = Sentence("spending.several" if rows else "spending.not_seen")
        found.problems.append(Problem(line.line, str(COLUMNS[0].label), why, COLUMNS[0].key))


def _known(scope: Scope, ids: list[str]) -> dict[str, list[Customer]]:
    """The customers of these ids that the person sees; one id may stand in several connections."""
    known: dict[str, list[Customer]] = {}
    for start in range(0, len(ids), AT_ONCE):
        rows = queries.customers(scope).filter(pc_id__in=ids[start : start + AT_ONCE])
        for row in queries.with_reseller(scope, rows):
            known.setdefault(row.pc_id, []).append(row)
    return known
