"""The text filter of subscriptions: by ids where few hold the text, along the list's order where many do."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.lookups import GreaterThan

from customers.models import Customer
from orders.models import Subscription
from portal.access import search
from portal.access.scope import Scope

FEW = 1_000  # rows that are looked up by their ids
NAMES = 2_000  # different names that are read to learn which of them hold a text


@dataclass(frozen=True)
class Found:
    """What is known of a text before rows are read.

    ``ids``: every subscription that holds it. ``names``: those that hold it are just the ones of these
    names. None where unknown; ``number`` is one more than ``FEW`` for many.
    """

    number: int | None = None
    ids: list[int] | None = None
    names: list[str] | None = None


def find(scope: Scope, text: str) -> Found:
    """Look a text up with one query: in names, products, customers' names, and whole ids."""
    if search.too_short(text):
        return Found()
    ids = search.call(scope, text, ["subscription"], FEW + 1)
    customers = search.call(scope, text, ["customer"], 1)
    visible = scope.visible_connection_ids()
    leaps = _ACROSS if visible is None else _WITHIN
    holds = search.pattern(text)
    with connection.cursor() as cursor:
        cursor.execute(
            _WHERE_IT_STANDS.format(ids=ids.sql, customers=customers.sql, **leaps),
            [
                *ids.parameters,
                FEW,
                *customers.parameters,
                [0] if visible is None else sorted(visible),
                holds,
                holds,
                NAMES + 1,
                NAMES,
                FEW,
            ],
        )
        few, names = cursor.fetchone()
    if few is not None:
        return Found(len(few), ids=few)
    return Found(FEW + 1, names=names)


def matching(queryset: QuerySet[Subscription], text: str, found: Found) -> QuerySet[Subscription]:
    """Keep the subscriptions that hold a text, in the way that what was ``found`` makes cheap."""
    if found.ids is not None:
        return queryset.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [found.ids]))
    if found.names is not None:
        # An index in the order of names goes straight to them, wherever they stand.
        return queryset.filter(friendly_name__in=found.names)
    itself = Q(friendly_name__icontains=text) | Q(offer_name__icontains=text)
    # Asked row by row, so that Postgres walks along the order and stops at a page: a join would be
    # made whole first, and so would a table of all customers of that name, but for the last condition.
    of_that_name = Customer.objects.filter(
        GreaterThan(OuterRef("pk"), 0), pk=OuterRef("customer_id"), name__icontains=text
    )
    return queryset.filter(itself | Q(Exists(of_that_name)))


# Names are read by leaping from each to the next in an index: over all connections at once, or else in
# each of which something is visible, past no row of another. They do not tell which subscriptions hold
# the text if there are too many, if a customer's name holds it too, or if the products of one name
# differ about it.
_ACROSS = {"of_visible": "", "of_same": ""}
_WITHIN = {
    "of_visible": "AND s.connection_id = visible.id",
    "of_same": "AND s.connection_id = names.connection_id",
}
_WHERE_IT_STANDS = """
WITH RECURSIVE found AS MATERIALIZED (
    SELECT coalesce(array_agg(object_id), '{{}}') AS ids FROM {ids}
), wanted AS MATERIALIZED (
    SELECT cardinality(ids) > %s AND NOT EXISTS (SELECT 1 FROM {customers}) AS yes FROM found
), names AS (
    SELECT first.connection_id, first.friendly_name, first.offer_name
    FROM unnest(%s::bigint[]) AS visible (id) CROSS JOIN LATERAL (
        SELECT s.connection_id, s.friendly_name, s.offer_name FROM orders_subscription AS s
        WHERE s.gone_at IS NULL {of_visible}
        ORDER BY s.friendly_name, s.offer_name LIMIT 1
    ) AS first
    WHERE (SELECT yes FROM wanted)
    UNION ALL
    SELECT following.connection_id, following.friendly_name, following.offer_name
    FROM names CROSS JOIN LATERAL (
        SELECT s.connection_id, s.friendly_name, s.offer_name FROM orders_subscription AS s
        WHERE s.gone_at IS NULL {of_same}
            AND (s.friendly_name, s.offer_name) > (names.friendly_name, names.offer_name)
        ORDER BY s.friendly_name, s.offer_name LIMIT 1
    ) AS following
), read AS (
    SELECT friendly_name, lower(friendly_name) LIKE %s OR lower(offer_name) LIKE %s AS holds
    FROM names LIMIT %s
), holding AS (
    SELECT friendly_name, count(*) AS number, bool_or(holds) AS in_some, bool_and(holds) AS in_all
    FROM read GROUP BY friendly_name
), told AS (
    SELECT array_agg(friendly_name) FILTER (WHERE in_all) AS names
    FROM holding
    HAVING sum(number) <= %s AND NOT bool_or(in_some AND NOT in_all)
)
SELECT CASE WHEN cardinality(found.ids) <= %s THEN found.ids END, told.names
FROM found LEFT JOIN told ON true
"""
