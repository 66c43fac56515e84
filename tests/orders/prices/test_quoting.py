"""A quote knows three sides, tells each to whom it may, and takes the most specific rule of its day."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.test import Client

from orders.prices import running
from orders.prices.models import PriceBook
from orders.prices.quoting import EXTENDED, Item, Side, quote, sides
from portal.access.entering import entered
from portal.access.models import User
from portal.access.scope import Scope
from portal.outbox import costs
from tests.billing.world import make_invoice, make_line
from tests.orders.prices.conftest import BASIC, item, make_price, make_rule, today
from tests.people import Estate, make_order, make_person

ALL = (Side.COST, Side.RESELLER, Side.CUSTOMER)


def told(user: User, one: Item, on: dt.date | None = None) -> dict[str, str]:
    """What a person is told, as the web asks: by side, in words."""
    scope = Scope.for_user(user)
    with entered(scope):
        (found,) = quote(scope, [one], on or today())
    return {side.value: f"{one.value.normalize():f} {one.currency}" for side, one in found.items()}


def test_each_side_is_told_to_whom_it_may(
    estate: Estate, book: PriceBook, own: PriceBook, boss: User, rita: User
) -> None:
    make_price(estate.connection)
    assert told(rita, item(estate)) == {}, "without a rule a reseller sees nothing, and never cost"
    assert told(boss, item(estate)) == {"cost": "5.6 EUR"}
    make_rule(book, "markup", "12.5")
    make_rule(own, "markup", "10")
    # 67.20 / 12 = 5.60; + 12.5 % = 6.30; + 10 % = 6.93
    assert told(rita, item(estate)) == {"reseller": "6.3 EUR", "customer": "6.93 EUR"}
    assert told(boss, item(estate)) == {"cost": "5.6 EUR", "reseller": "6.3 EUR"}
    seller = make_person("seller", "sales", estate.connection)
    assert told(seller, item(estate)) == {"reseller": "6.3 EUR"}, "sales sees charges, no cost"
    helper = make_person("helper", "helpdesk", estate.connection, estate.fabrikam)
    assert told(helper, item(estate)) == {}
    nina = make_person("nina", "reseller-admin", estate.connection, estate.northwind)
    assert told(nina, item(estate)) == {}, "another reseller's charges are nobody's"
    far = item(estate, connection_id=estate.other.pk)
    assert told(rita, far) == {}
    assert sides(Scope.for_user(rita), estate.fabrikam.pk) == (Side.RESELLER, Side.CUSTOMER)
    assert sides(Scope.for_user(boss), estate.fabrikam.pk) == (Side.COST, Side.RESELLER)
    assert sides(Scope.for_user(boss), None) == (Side.COST, Side.CUSTOMER)
    assert sides(Scope.for_user(nina), estate.fabrikam.pk) == ()
    assert sides(Scope.system(), None) == (Side.COST, Side.CUSTOMER)


def test_the_most_specific_rule_of_the_day_wins(
    estate: Estate, book: PriceBook, boss: User
) -> None:
    make_price(estate.connection)
    ended = today() - dt.timedelta(days=1)

    def charged(**fields: object) -> str:
        return told(boss, item(estate, **fields))["reseller"]

    make_rule(book, "markup", "100")
    assert charged() == "11.2 EUR"
    make_rule(book, "discount", "10", segment="commercial")
    assert charged() == "6.3 EUR", "84 / 12 less a tenth"
    make_rule(book, "markup", "50", product_pc_id=BASIC)
    assert charged() == "8.4 EUR"
    make_rule(book, "markup", "0", product_pc_id=BASIC, sku_pc_id="0001", valid_to=ended)
    assert charged() == "8.4 EUR", "one that ended does not count"
    make_rule(book, "markup", "25", product_pc_id=BASIC, sku_pc_id="0001")
    assert charged() == "7 EUR"
    make_rule(book, "markup", "75", for_reseller=estate.northwind)
    assert charged() == "7 EUR", "that is another's"
    make_rule(book, "markup", "200", for_reseller=estate.fabrikam)
    assert charged() == "16.8 EUR"
    make_rule(book, "fixed", "4.5", currency="USD", cycle="monthly", customer=estate.of_fabrikam)
    assert charged() == "4.5 USD"
    assert charged(customer_id=estate.shared.pk) == "16.8 EUR"


def test_a_past_day_asks_the_sheet_of_its_month_and_a_coming_one_the_newest(
    estate: Estate, boss: User
) -> None:
    first = today().replace(day=1)
    before = first - dt.timedelta(days=400)
    make_price(estate.connection)
    assert told(boss, item(estate), before) == {}, "this month's sheet says nothing of last year"
    make_price(estate.connection, "60", month=before.replace(day=1))
    assert told(boss, item(estate), before)["cost"] == "5 EUR"
    assert told(boss, item(estate), first + dt.timedelta(days=300))["cost"] == "5.6 EUR"
    upcoming = (first + dt.timedelta(days=40)).replace(day=1)
    make_price(estate.connection, "72", month=upcoming)
    assert told(boss, item(estate))["cost"] == "5.6 EUR"
    assert told(boss, item(estate), upcoming)["cost"] == "6 EUR"
    month = {"term": "P1M", "view": "licensebasedest", "sheet": "FR/licensebasedest/x"}
    make_price(estate.connection, "7", **month)
    assert told(boss, item(estate, term=EXTENDED))["cost"] == "7 EUR"
    assert told(boss, item(estate, segment="education")) == {}


def test_five_hundred_items_take_one_query_as_five_do(
    estate: Estate, boss: User, queries_of: Any
) -> None:
    make_price(estate.connection)
    scope = Scope.for_user(boss)
    for number in (5, 500):
        with entered(scope), queries_of() as asked:
            found = quote(scope, [item(estate)] * number, today())
        assert len(asked) == 1
        assert [one[Side.COST].value for one in found] == [Decimal("5.6")] * number


def test_a_running_term_costs_what_was_paid_else_ordered_else_listed(
    estate: Estate,
    boss: User,
    rita: User,
    book: PriceBook,
    client_of: Callable[[User], Client],
) -> None:
    row = estate.fabrikam_seats
    row.product_id, row.sku_id, row.term_duration = BASIC, "0001", "P1Y"
    row.billing_cycle, row.effective_start_date = "monthly", dt.datetime(2026, 1, 9, tzinfo=dt.UTC)
    row.save()
    estate.of_fabrikam.country = "FR"
    estate.of_fabrikam.save()

    def cost() -> tuple[str, str]:
        scope = Scope.for_user(boss)
        with entered(scope):
            line = running.words(scope, row)[0]
        return line.seat, line.source

    assert cost() == ("–", "")
    make_price(estate.connection, month=dt.date(2026, 1, 1))
    assert cost() == ("€5.60", "price sheet, January 2026")
    (known,) = costs.prices(Scope.for_user(boss), "subscription", [row.pk]).values()
    assert (known.amount, known.cycle) == (Decimal("5.6"), "monthly")
    assert known.source == "price sheet, January 2026"
    assert costs.prices(Scope.for_user(rita), "subscription", [row.pk]) == {}
    order = make_order(row)
    priced = {"subscriptionId": row.pc_id, "pricing": {"price": 5.4, "extendedPrice": 54}}
    order.list_payload = {"lineItems": [priced]}
    order.currency, order.creation_date = "EUR", row.effective_start_date - dt.timedelta(days=365)
    order.save()
    assert cost()[0] == "€5.60", "that was the term before"
    order.creation_date = row.effective_start_date
    order.save()
    assert cost() == ("€5.40", "order price, 9 Jan 2026")
    make_line(
        make_invoice(estate.connection),
        subscription=row,
        charge_type="cycleCharge",
        unit_price=Decimal("5.30"),
        currency="EUR",
        billing_frequency="monthly",
    )
    assert cost() == ("€5.30", "last invoice line, October 2026")
    make_rule(book, "markup", "50")
    found = client_of(boss).get(f"/api/v1/subscriptions/{row.pk}/prices/").json()
    assert [(one["side"], one["value"]) for one in found] == [
        ("cost", "5.30"),
        ("reseller", "8.40"),
    ]
    found = client_of(rita).get(f"/api/v1/subscriptions/{row.pk}/prices/").json()
    assert [(one["side"], one["value"]) for one in found] == [
        ("reseller", "8.40"),
        ("customer", None),
    ]
    scope = Scope.for_user(rita)
    with entered(scope):
        shown = running.words(scope, row)
    assert [(one.label, one.seat) for one in shown] == [
        ("Charge to the reseller", "€8.40"),
        ("Charge to the customer", "–"),
    ]
