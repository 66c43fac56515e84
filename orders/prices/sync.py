"""Price sheets into the mirror: a month of a market's view, when somebody looks and by age, never in a run.

The present month of every market in which the connection has a customer is read by itself, and the months
in which running terms began, as their prices held for the whole term; any other one if somebody asks for it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from django.db import connection as database
from django.utils import timezone

from orders.prices import mapping, unpacking
from orders.prices.models import SheetPrice
from orders.prices.part import SHEETS, parts
from portal.connections.models import Connection
from portal.mirror import hooks
from portal.mirror.families import Family, Listing, Pages, Representation, register
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import Forbidden, NotFound
from portal.partnercenter.operations.sheets import GET_PRICE_SHEET

PAGE = 1000
VIEWS = ("updatedlicensebased", "licensebasedest", "software")
THIS_MONTH = "date_trunc('month', now() AT TIME ZONE 'UTC')"
# What is read by itself: this month's sheets and the next one's, and the months that are kept by name.
PARENTS = (
    "(SELECT connection_id, pc_id, gone_at FROM orders_pricesheet"  # noqa: S608 - own names
    " UNION SELECT shelf.connection_id, shelf.market || '/' || view || '/'"
    f" || to_char({THIS_MONTH} + ahead, 'YYYYMM'), NULL::timestamptz"
    " FROM (SELECT DISTINCT connection_id, market FROM orders_shelf WHERE gone_at IS NULL) AS shelf,"
    f" unnest(ARRAY{list(VIEWS)}) AS view, unnest(ARRAY['0'::interval, '1 month']) AS ahead)"
)


def prices(client: PartnerClient, sheet: str) -> Iterator[Pages]:
    """Read one sheet; a month or view that Partner Center has none of is empty."""
    market, view, month = parts(sheet)
    began = timezone.now()
    query = _timeline(month)
    try:
        content = client.call(GET_PRICE_SHEET, query=query, market=market, view=view)
    except (NotFound, Forbidden):
        yield began, []
        return
    rows = unpacking.rows(content)
    while page := list(islice(rows, PAGE)):
        yield began, page


def _timeline(month: dt.date) -> Mapping[str, str]:
    """How a month is asked for: only a past one has a name."""
    this = timezone.now().date().replace(day=1)
    if month < this:
        return {"timeline": "history", "month": f"{month:%Y%m}"}
    return {"timeline": "current" if month == this else "future"}


FAMILY = Family(
    name=SHEETS,
    model=SheetPrice,
    position=74,
    key=("sheet", "pc_id"),
    parent="sheets",
    parent_table=PARENTS,
    parent_column="sheet",
    on_demand=True,
    listing=Listing(
        operation=GET_PRICE_SHEET,
        representation=Representation(
            name="list", columns=mapping.COLUMNS, map=mapping.price, keeps_payload=False
        ),
        read=prices,
    ),
)


def follow_subscriptions(connection: Connection, ids: Sequence[int]) -> None:
    """The month in which a running term began: its prices hold until the term ends."""
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_pricesheet (connection_id, pc_id, market, view, month)"  # noqa: S608
            " SELECT DISTINCT wanted.connection_id,"
            " market || '/' || view || '/' || to_char(month, 'YYYYMM'), market, view, month FROM ("
            " SELECT sold.connection_id, customer.country AS market,"
            " CASE WHEN sold.product_type ILIKE '%%software%%' THEN 'software'"
            " ELSE 'updatedlicensebased' END AS view,"
            " date_trunc('month', sold.effective_start_date AT TIME ZONE 'UTC')::date AS month"
            " FROM orders_subscription AS sold"
            " JOIN customers_customer AS customer ON customer.id = sold.customer_id"
            " WHERE sold.id = ANY(%s) AND sold.connection_id = %s AND sold.gone_at IS NULL"
            " AND sold.term_duration <> '' AND sold.product_id <> '' AND customer.country <> ''"
            f" AND sold.effective_start_date < {THIS_MONTH} AT TIME ZONE 'UTC') AS wanted"
            " ON CONFLICT (connection_id, pc_id) DO NOTHING",
            [list(ids), connection.pk],
        )


def setup() -> None:
    """Register the family and its hook (from ``AppConfig.ready``)."""
    register(FAMILY)
    hooks.on_change("subscriptions", SHEETS, follow_subscriptions)
