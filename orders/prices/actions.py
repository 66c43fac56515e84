"""Price books and rules: create, add, change, end. Everything is checked here, for pages, files and the API.

The log keeps what a rule says. Of a reseller's own rules it keeps no amount: its distributor reads that log.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers.models import Customer
from orders.prices import queries
from orders.prices.models import ChargeSide, PriceBook, PriceRule, RuleKind
from orders.prices.queries import CHANGE
from portal.access import refusing
from portal.access.guard import require
from portal.access.models import Reseller
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.log import record, record_each
from portal.activity.models import Entry
from portal.connections.models import Connection

AT_ONCE = 500
MOST_PER_CENT, MOST = Decimal(1000), Decimal(10_000_000)
WHOLE, STEP = Decimal(100), Decimal("0.0001")
CODE_LENGTH = 3


class RefusedError(refusing.RefusedError):
    """It cannot be kept; the text says why, ``field`` where."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__("not_kept", text, field)


@dataclass(frozen=True)
class Given:
    """A rule as somebody wrote it down. Empty means any."""

    kind: str
    value: Decimal
    currency: str = ""
    product: str = ""
    sku: str = ""
    segment: str = ""
    term: str = ""
    cycle: str = ""
    reseller: Reseller | None = None
    customer: Customer | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


def create_book(
    actor: Actor, scope: Scope, connection: Connection, reseller: Reseller | None, **said: str
) -> PriceBook:
    """A new book (``name``, ``side``) in the name of a connection or of one of its resellers."""
    if (connection, reseller) not in queries.owners(scope):
        raise RefusedError("owner", _("You may not keep prices for it."))
    if reseller is not None and said["side"] != ChargeSide.CUSTOMER:
        raise RefusedError("side", _("A reseller charges customers only."))
    made = PriceBook(connection=connection, reseller=reseller, **said)
    _save_book(made)
    _note("price_book.created", actor, made, {"book": made.name})
    return made


def rename_book(actor: Actor, scope: Scope, book: PriceBook, name: str) -> None:
    """Give a book another name."""
    require(scope, CHANGE, book)
    before, book.name = book.name, name
    if before != name:
        _save_book(book)
        told = {"before": {"name": before}, "after": {"name": name}}
        _note("price_book.renamed", actor, book, {"book": name}, **told)


def add(actor: Actor, scope: Scope, book: PriceBook, given: Given) -> PriceRule:
    """One more rule. Raises RefusedError for what cannot be meant or stands there already."""
    require(scope, CHANGE, book)
    row = made(book, given)
    _not_there(row)
    row.created_by_id = actor.user_id
    row.save()
    _note_rule("price_rule.added", actor, row, after=shown(row))
    return row


def add_all(actor: Actor, scope: Scope, book: PriceBook, rows: Sequence[PriceRule]) -> None:
    """Many that ``made`` made, each with its entry."""
    require(scope, CHANGE, book)
    for row in rows:
        row.created_by_id = actor.user_id
    PriceRule.objects.bulk_create(rows, batch_size=AT_ONCE)
    entries = [
        Entry(
            connection_id=book.connection_id,
            reseller_id=book.reseller_id,
            target_type="price_book",
            target_id=book.pk,
            target_label=book.name,
            parameters={"book": book.name, "what": what(row)},
            after=shown(row),
        )
        for row in rows
    ]
    record_each("price_rule.added", entries, actor=actor)


def change(actor: Actor, scope: Scope, row: PriceRule, given: Given) -> None:
    """Correct a rule."""
    require(scope, CHANGE, row)
    before = shown(row)
    fresh = made(row.book, given)
    for name in _WRITTEN:
        setattr(row, name, getattr(fresh, name))
    _not_there(row)
    row.save()
    _note_rule("price_rule.changed", actor, row, before=before, after=shown(row))


def end(actor: Actor, scope: Scope, row: PriceRule, last: dt.date) -> bool:
    """Let a rule hold until a day inclusive; one that would never have held goes. Whether it is still there."""
    require(scope, CHANGE, row)
    before = shown(row)
    if last < row.valid_from:
        _note_rule("price_rule.removed", actor, row, before=before)
        row.delete()
        return False
    row.valid_to = last
    row.save(update_fields=["valid_to"])
    _note_rule("price_rule.ended", actor, row, before=before, after=shown(row))
    return True


# --- what a rule may say ---------------------------------------------------------------------------

_WRITTEN = (
    *("kind", "value", "currency", "product_pc_id", "sku_pc_id", "segment", "term", "cycle"),
    *("for_reseller", "customer", "valid_from", "valid_to"),
)


def made(book: PriceBook, given: Given) -> PriceRule:
    """The row that a rule becomes, not saved. Raises RefusedError."""
    given = replace(given, currency=given.currency.upper())
    _check_value(given)
    _check_place(book, given)
    assert given.valid_from is not None, "asked for by every form"
    if given.valid_to and given.valid_to < given.valid_from:
        raise RefusedError("valid_to", _("The validity ends before it begins."))
    return PriceRule(
        connection_id=book.connection_id,
        reseller_id=book.reseller_id,
        book=book,
        side=book.side,
        kind=given.kind,
        value=given.value.quantize(STEP),
        currency=given.currency,
        product_pc_id=given.product.upper(),
        sku_pc_id=given.sku.upper(),
        segment=given.segment,
        term=given.term,
        cycle=given.cycle,
        for_reseller=given.reseller,
        customer=given.customer,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
    )


def key(row: PriceRule) -> tuple[Any, ...]:
    """What no two rules of a book may share."""
    chosen = (row.product_pc_id, row.sku_pc_id, row.segment, row.term, row.cycle)
    return (*chosen, row.for_reseller_id, row.customer_id, row.valid_from)


def same(one: PriceRule, other: PriceRule) -> bool:
    """Whether two rules of one key say the same."""
    return all(getattr(one, name) == getattr(other, name) for name in ("kind", "currency")) and (
        (one.value, one.valid_to) == (other.value, other.valid_to)
    )


def what(row: PriceRule) -> str:
    """What a rule is for, in ids."""
    return ":".join(filter(None, (row.product_pc_id, row.sku_pc_id))) or "*"


def shown(row: PriceRule) -> dict[str, str]:
    """What the log keeps of a rule."""
    said = {
        "kind": row.kind,
        "product": what(row),
        "segment": row.segment,
        "term": row.term,
        "billing_cycle": row.cycle,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else "",
    }
    if row.reseller_id is None:
        said |= {"value": f"{row.value:f}", "currency": row.currency}
    return {name: text for name, text in said.items() if text}


def _check_value(given: Given) -> None:
    if not given.value.is_finite() or abs(given.value) > MOST:
        raise RefusedError("value", _("Write an amount or a percentage."))
    if given.kind == RuleKind.FIXED:
        _check_fixed(given)
        return
    if given.currency:
        raise RefusedError("currency", _("A percentage has no currency."))
    lowest = -WHOLE if given.kind == RuleKind.MARKUP else Decimal(0)
    highest = MOST_PER_CENT if given.kind == RuleKind.MARKUP else WHOLE
    if not lowest <= given.value <= highest:
        told = _("Write a percentage from %(least)s to %(most)s.")
        raise RefusedError("value", told % {"least": lowest, "most": highest})


def _check_fixed(given: Given) -> None:
    if given.value < 0:
        raise RefusedError("value", _("A price is not below zero."))
    if len(given.currency) != CODE_LENGTH or not given.currency.isalpha():
        raise RefusedError("currency", _("Write the currency as three letters."))
    if not given.cycle:
        told = _("A fixed price is for one billing cycle. Choose which.")
        raise RefusedError("cycle", told)


def _check_place(book: PriceBook, given: Given) -> None:
    if given.sku and not given.product:
        raise RefusedError("product", _("A SKU belongs to a product. Write the product too."))
    if given.reseller is not None and book.side != ChargeSide.RESELLER:
        raise RefusedError("reseller", _("This book charges customers, not resellers."))


def _not_there(row: PriceRule) -> None:
    chosen = dict(zip(_KEY, key(row), strict=True))
    there = PriceRule.objects.filter(book=row.book, **chosen).exclude(pk=row.pk)
    if there.exists():
        told = _("This book has a rule for the same from that day on. Change or end that one.")
        raise RefusedError("valid_from", told)


_KEY = (
    *("product_pc_id", "sku_pc_id", "segment", "term", "cycle"),
    *("for_reseller", "customer", "valid_from"),
)


def _save_book(book: PriceBook) -> None:
    try:
        with transaction.atomic():
            book.save()
    except IntegrityError:
        raise RefusedError("name", _("There is a price book of this name.")) from None


def _note_rule(kind: str, actor: Actor, row: PriceRule, **told: Any) -> None:
    _note(kind, actor, row.book, {"book": row.book.name, "what": what(row)}, **told)


def _note(
    kind: str, actor: Actor, book: PriceBook, parameters: dict[str, str], **told: Any
) -> None:
    record(
        kind,
        actor=actor,
        connection=book.connection,
        reseller_id=book.reseller_id,
        target=("price_book", book.pk, book.name),
        parameters=parameters,
        **told,
    )
