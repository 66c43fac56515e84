"""Books and rules: written by their owner alone, by hand, from a file and over the API, each with its entry."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from orders.prices.models import PriceBook, PriceRule
from portal.access.models import ApiToken, User
from portal.activity.models import Entry
from tests.orders.prices.conftest import BASIC, make_rule, today
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]
RULE = {
    "product": BASIC.lower(),
    "sku": "0001",
    "kind": "markup",
    "value": "12.5",
    "valid_from": "2026-01-01",
}


def test_a_book_is_begun_filled_and_its_rule_corrected_and_ended(
    estate: Estate, boss: User, client_of: ClientOf
) -> None:
    client = client_of(boss)
    said = {"name": "Gold", "side": "reseller", "owner": f"{estate.connection.pk}"}
    book = client.post("/price-books/new/", said)["Location"]
    assert client.post("/price-books/new/", said).status_code == 422, "the name is taken"
    page = client.post(f"{book}new-rule/", RULE | {"reseller": "Fabrikam"})
    assert page["Location"] == book
    rule = PriceRule.objects.get()
    assert (rule.product_pc_id, rule.value, rule.for_reseller) == (
        BASIC,
        Decimal("12.5"),
        estate.fabrikam,
    )
    assert client.post(f"{book}new-rule/", RULE | {"reseller": "Fabrikam"}).status_code == 422
    body = client.get(book).content.decode()
    assert "12.5% on cost" in body
    assert "Fabrikam" in body
    edit = f"{rule.get_absolute_url()}edit/"
    assert b'value="CFQ7TTC0LH18"' in client.get(edit).content
    fixed = RULE | {"kind": "fixed", "value": "5", "currency": "eur"}
    assert b"billing cycle" in client.post(edit, fixed).content, "a fixed price is for one cycle"
    assert client.post(edit, fixed | {"cycle": "monthly"}).status_code == 302
    rule.refresh_from_db()
    assert (rule.kind, rule.currency, rule.for_reseller) == ("fixed", "EUR", None)
    client.post(f"{rule.get_absolute_url()}end/", {"last": f"{today()}"})
    rule.refresh_from_db()
    assert rule.valid_to == today()
    assert b"5.00" in client.get(rule.get_absolute_url()).content
    late = make_rule(rule.book, "markup", "1", valid_from=today() + dt.timedelta(days=9))
    client.post(f"{late.get_absolute_url()}end/", {"last": f"{today()}"})
    assert not PriceRule.objects.filter(pk=late.pk).exists()
    client.post(f"{book}rename/", {"name": "Silver"})
    kinds = list(Entry.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        "price_book.created",
        "price_rule.added",
        "price_rule.changed",
        "price_rule.ended",
        "price_rule.removed",
        "price_book.renamed",
    ]
    changed = Entry.objects.get(kind="price_rule.changed")
    assert (changed.before["value"], changed.after["value"]) == ("12.5000", "5.0000")
    log = client.get("/activity/").content.decode()
    assert "Price book Gold created" in log
    assert f"Price rule for {BASIC}:0001 in Gold changed" in log
    assert "Silver" in client.get("/price-books/?export=csv").getvalue().decode()


def test_books_are_hidden_from_each_other(
    estate: Estate, boss: User, rita: User, book: PriceBook, own: PriceBook, client_of: ClientOf
) -> None:
    nina = make_person("nina", "reseller-admin", estate.connection, estate.northwind)
    seller = make_person("seller", "sales", estate.connection)
    make_rule(book, "markup", "12.5")
    mine = make_rule(own, "fixed", "9", currency="EUR", cycle="monthly")

    def seen(user: User) -> set[str]:
        rows = client_of(user).get("/api/v1/price-books/").json()["results"]
        return {row["name"] for row in rows}

    assert (seen(boss), seen(rita), seen(nina), seen(seller)) == (
        {"Gold"},
        {"Retail"},
        set(),
        set(),
    )
    for user in (boss, nina):
        client = client_of(user)
        assert client.get(own.get_absolute_url()).status_code == 404
        assert client.get(mine.get_absolute_url()).status_code == 404
        assert client.post(f"{own.get_absolute_url()}new-rule/", RULE).status_code == 404
        assert client.get(f"/api/v1/price-rules/{mine.pk}/").status_code == 404
    client = client_of(rita)
    assert client.get(book.get_absolute_url()).status_code == 404
    assert client.post(f"{own.get_absolute_url()}new-rule/", RULE).status_code == 302
    assert (
        client.post(
            f"{own.get_absolute_url()}new-rule/", RULE | {"customer": "Wingtip"}
        ).status_code
        == 422
    ), "not its customer"
    entry = Entry.objects.get(kind="price_rule.added")
    assert entry.reseller_id == estate.fabrikam.pk
    assert "value" not in entry.after, "the distributor reads the log"
    said = {"name": "Mine", "side": "reseller", "owner": f"{estate.connection.pk}"}
    assert client.post("/price-books/new/", said).status_code == 422
    owner = f"{estate.connection.pk}-{estate.fabrikam.pk}"
    assert client.post("/price-books/new/", said | {"owner": owner}).status_code == 422


def test_a_file_is_taken_whole_after_it_was_shown(
    estate: Estate, boss: User, book: PriceBook, client_of: ClientOf, settings, tmp_path
) -> None:
    settings.DATA_DIR = tmp_path
    client, url = client_of(boss), f"{book.get_absolute_url()}import/"
    head = client.get("/price-books/template/").content.decode().removeprefix("\ufeff").strip()
    there = make_rule(book, "markup", "10", product_pc_id=BASIC)

    def send(*lines: str) -> Any:
        text = "\n".join([head, *lines]).encode()
        return client.post(url, {"table": SimpleUploadedFile("rules.csv", text)})

    good = f"{BASIC},,,,,,,markup,15,,2020-01-01,"
    new = f'{BASIC},0001,,P1Y,monthly,Northwind,,fixed,"5,5",EUR,2026-02-01,2026-12-31'
    bad = send(good, new, good, "X,,,,,,,gift,1,,2026-01-01,", ",0001,,,,,,markup,1,,2026-01-01,")
    assert bad.status_code == 422
    body = bad.content.decode()
    for told in ("The same as on line 2", "Write one of: markup", "belongs to a product"):
        assert told in body, told
    shown = send(good, new)
    assert shown.status_code == 200
    assert PriceRule.objects.count() == 1
    kept = shown.context["kept"].pk
    assert client.post(url, {"kept": f"{kept}"})["Location"] == book.get_absolute_url()
    there.refresh_from_db()
    assert there.value == 15
    made = PriceRule.objects.exclude(pk=there.pk).get()
    assert (made.value, made.for_reseller, made.cycle) == (
        Decimal("5.5"),
        estate.northwind,
        "monthly",
    )
    assert Entry.objects.filter(kind__startswith="price_rule.").count() == 2


def test_the_api_does_the_same(estate: Estate, rita: User, own: PriceBook, book: PriceBook) -> None:
    _row, token = ApiToken.objects.create(rita, name="x", read_only=False)
    client = Client(headers={"Authorization": f"Token {token}"})
    wanted = {
        "connection": estate.connection.name,
        "reseller": estate.fabrikam.pk,
        "side": "customer",
        "name": "Web shop",
    }
    made = client.post("/api/v1/price-books/", wanted, "application/json")
    assert made.status_code == 201, made.content
    assert client.post("/api/v1/price-books/", wanted, "application/json").status_code == 409
    assert client.post(
        "/api/v1/price-books/", wanted | {"reseller": None}, "application/json"
    ).status_code in {400, 409}
    rule = {
        "book": made.json()["id"],
        "kind": "markup",
        "value": "20",
        "product_id": BASIC,
        "customer": estate.of_fabrikam.pc_id,
        "valid_from": "2026-01-01",
    }
    added = client.post("/api/v1/price-rules/", rule, "application/json")
    assert added.status_code == 201, added.content
    url = f"/api/v1/price-rules/{added.json()['id']}/"
    assert added.json()["customer"] == estate.of_fabrikam.pc_id
    refused = client.post("/api/v1/price-rules/", rule, "application/json")
    assert (refused.status_code, list(refused.json()["fields"])) == (409, ["valid_from"])
    alone = rule | {"product_id": "", "sku_id": "0001"}
    refused = client.post("/api/v1/price-rules/", alone, "application/json")
    assert (refused.status_code, list(refused.json()["fields"])) == (409, ["product_id"])
    named = client.patch(f"/api/v1/price-books/{rule['book']}/", {"name": "S"}, "application/json")
    assert (named.status_code, named.json()["name"]) == (200, "S")
    other = client.patch(f"/api/v1/price-books/{book.pk}/", {"name": "S"}, "application/json")
    assert other.status_code == 404
    assert client.put(url, rule | {"value": "25"}, "application/json").json()["value"] == "25.0000"
    ended = client.post(f"{url}end/", {"last": f"{today()}"}, "application/json")
    assert ended.json()["valid_to"] == f"{today()}"
    foreign = client.post("/api/v1/price-rules/", rule | {"book": book.pk}, "application/json")
    assert foreign.status_code == 404
