"""Rules from a table: what each line would do is told first; then the whole file or nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from orders.prices import actions, queries, words
from orders.prices.actions import Given, RefusedError
from orders.prices.cells import COLUMNS, LABELS, PLACES
from orders.prices.finding import Whom
from orders.prices.models import PriceBook, PriceRule
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.lists.intake import reading
from portal.lists.intake.reading import Problem, Reading, Row

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True)
class Line:
    """A line that can be used: the rule it makes, and the one it meets. ``does`` is NEW, CHANGED or SAME."""

    number: int
    given: Given
    rule: PriceRule
    known: PriceRule | None
    does: str

    @property
    def item(self) -> str:
        """What it is for."""
        return words.item(self.rule) or _("Any product")

    @property
    def whom(self) -> str:
        """For whom."""
        return words.whom(self.rule)

    @property
    def value(self) -> str:
        """What is charged."""
        return words.value(self.rule)

    @property
    def before(self) -> str:
        """What is charged now, where that changes."""
        return words.value(self.known) if self.known and self.does == CHANGED else ""


@dataclass
class Plan:
    """What a table would do. With problems nothing of it is done."""

    table: Reading
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many lines are new, change something, or are known already."""
        return {NEW: 0, CHANGED: 0, SAME: 0} | Counter(line.does for line in self.lines)


def plan(scope: Scope, book: PriceBook, chunks: Iterable[bytes]) -> Plan:
    """Read a table and find out what it would do to a book; nothing is written.

    Raises intake's FileRefusedError for what is no such table.
    """
    table = reading.read(chunks, COLUMNS)
    found = Plan(table, problems=list(table.problems))
    cells = [row.values for row in table.rows]
    whom = Whom(
        scope,
        book,
        {one["reseller"] or "" for one in cells},
        {one["customer"] or "" for one in cells},
    )
    known = {actions.key(one): one for one in queries.rules(scope, book)}
    seen: dict[tuple[object, ...], int] = {}
    for row in table.rows:
        try:
            found.lines.append(_line(book, row, whom, known, seen))
        except RefusedError as error:
            key = PLACES.get(error.field, error.field)
            found.problems.append(Problem(row.line, str(LABELS.get(key, "")), str(error), key))
    found.problems.sort(key=lambda problem: problem.line)
    return found


def carry_out(actor: Actor, scope: Scope, book: PriceBook, found: Plan) -> None:
    """Do what was planned, all of it or nothing."""
    with transaction.atomic():
        new = [line.rule for line in found.lines if line.does == NEW]
        actions.add_all(actor, scope, book, new)
        for line in found.lines:
            if line.does == CHANGED and line.known is not None:
                actions.change(actor, scope, line.known, line.given)


def _line(
    book: PriceBook,
    row: Row,
    whom: Whom,
    known: dict[tuple[object, ...], PriceRule],
    seen: dict[tuple[object, ...], int],
) -> Line:
    given = _given(row, whom)
    rule = actions.made(book, given)
    key = actions.key(rule)
    first = seen.setdefault(key, row.line)
    if first != row.line:
        message = _("The same as on line %(n)s. Keep one of them.") % {"n": first}
        raise RefusedError("product", message)
    there = known.get(key)
    does = NEW if there is None else SAME if actions.same(there, rule) else CHANGED
    return Line(row.line, given, rule, there, does)


def _given(row: Row, whom: Whom) -> Given:
    said = {name: value for name, value in row.values.items() if value is not None}
    return Given(
        kind=said["rule"],
        value=said["value"],
        currency=said.get("currency", ""),
        product=said.get("product_id", ""),
        sku=said.get("sku_id", ""),
        segment=said.get("segment", ""),
        term=said.get("term", ""),
        cycle=said.get("billing_cycle", ""),
        reseller=whom.reseller(said.get("reseller", "")),
        customer=whom.customer(said.get("customer", "")),
        valid_from=said["valid_from"],
        valid_to=said.get("valid_to"),
    )
