"""Activity, users and external ids are lists like the others: columns, views, operators, background files."""

import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from billing.models import Invoice
from portal.access.models import User
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.lists import tasks
from portal.lists.models import ColumnChoice, ExportJob, ExternalId, SavedView
from portal.ui import exports
from tests.billing.world import make_invoice, make_line
from tests.people import Estate, make_person

KEPT = {
    "activity": ("/activity/", "target"),
    "users": ("/settings/users/", "language"),
    "external-ids": ("/external-ids/", "connection"),
    "approvals": ("/approvals/", "person"),
    "batches": ("/batches/", "asked"),
    "mails": ("/settings/mails/", "sent"),
    "webhooks": ("/settings/webhooks/contoso/", "changed"),
}


def rows(client: Client, path: str, **query: str) -> int:
    shown_page = client.get(path, query).content.decode()
    assert "not understood" not in shown_page, shown_page[shown_page.index('id="list"') :][:600]
    return shown_page[shown_page.index('id="list"') :].count('scope="row"')


@pytest.fixture
def rita(estate: Estate) -> User:
    """Fabrikam's administrator, who manages Fabrikam's people and reads its log."""
    return make_person("rita", "reseller-admin", estate.connection, estate.fabrikam)


@pytest.fixture
def told(estate: Estate, alice: User, bob: User) -> None:
    """A change of Fabrikam's customer by Bob, one of Northwind's by Alice, a sign-in."""
    for who, customer, reseller in (
        (bob, estate.of_fabrikam, estate.fabrikam),
        (alice, estate.of_northwind, estate.northwind),
    ):
        record(
            "external_id.added",
            actor=Actor(user_id=who.pk),
            connection=estate.connection,
            reseller_id=reseller.pk,
            target=("customer", customer.pk, customer.name),
            customer_pc_id=customer.pc_id,
            parameters={"system": "ERP", "value": "1"},
        )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("by:bob", 1),
        ("qui:bob,alice", 2),
        ("-by:bob", 1),
        ("source:portal", 2),
        ("source:not_by_us", 0),
        ("part:external_id", 2),
        ("part:sync", 0),
        ("customer:adatum", 1),
        ("client:wingtip-id", 1),
        ("target:wing", 1),
        ("when:<7d", 2),
        ("when:>7d", 0),
    ],
)
def test_operators_of_the_activity(client_of, alice, told, text: str, shown: int) -> None:
    assert rows(client_of(alice), "/activity/", q=text) == shown


def test_operators_of_the_activity_stay_in_the_part_of_the_reader(client_of, rita, told) -> None:
    client = client_of(rita)
    assert rows(client, "/activity/", q="customer:adatum") == 1
    for text in ("customer:wingtip", "by:alice", "target:wing"):
        assert rows(client, "/activity/", q=text) == 0
    assert "is not one of" in client.get("/activity/", {"q": "part:moon"}).content.decode()


def test_an_entry_opens_in_the_columns_of_its_list(client_of, alice, told) -> None:
    client = client_of(alice)
    client.post("/lists/columns/", {"list": "activity", "column": ["what", "kind"]})
    shown_page = client.get("/activity/").content.decode()
    url = re.search(r'href="(/activity/\d+/)"', shown_page)[1]
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/activity/"}
    opened = client.get(url, headers=htmx).content.decode()
    assert 'colspan="1"' in opened
    assert "external_id.added" in opened
    # What the address asks for goes before what is kept.
    htmx["HX-Current-URL"] += "?cols=what,when,who,kind"
    assert 'colspan="3"' in client.get(url, headers=htmx).content.decode()


@pytest.mark.parametrize("slug", list(KEPT))
def test_columns_and_views_are_kept(client_of, administrator, told, slug: str) -> None:
    client = client_of(administrator)
    path, kept = KEPT[slug]
    client.post("/lists/columns/", {"list": slug, "column": [kept], "next": path})
    assert kept in ColumnChoice.objects.get(list_slug=slug).columns
    shown_page = client.get(path).content.decode()
    assert "Saved views" in shown_page
    assert 'name="row"' not in shown_page or slug == "external-ids"
    client.post("/lists/views/", {"list": slug, "name": "Mine", "query": f"cols={kept}"})
    view = SavedView.objects.get(list_slug=slug)
    assert "Mine" in client.get(path, {"view": view.key}).content.decode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("role:sales", 2),
        ("role:auditor", 1),
        ("rôle:sales,auditor", 3),
        ("reseller:fabrikam", 1),
        ("signin:yes", 5),
        ("signin:no", 0),
        ("lastsignin:<2d", 1),
        ("email:bob", 1),
    ],
)
def test_operators_of_the_users(
    client_of, administrator, alice, bob, charlie, auditor, text: str, shown: int
) -> None:
    User.objects.filter(pk=bob.pk).update(last_login=timezone.now())
    assert rows(client_of(administrator), "/settings/users/", q=text) == shown


def test_what_somebody_holds_elsewhere_cannot_be_filtered_for(
    client_of, rita, bob, charlie, estate: Estate
) -> None:
    client = client_of(rita)
    assert rows(client, "/settings/users/", q="reseller:fabrikam") == 2
    assert rows(client, "/settings/users/", q="reseller:northwind") == 0
    assert rows(client, "/settings/users/", q="email:charlie") == 0


def test_a_worker_writes_the_users_that_their_asker_manages(
    client_of, rita, bob, charlie, estate: Estate
) -> None:
    client_of(rita).post(
        "/account/exports/new/",
        {"list": "users", "format": "csv", "query": "q=role:sales", "column": ["email", "roles"]},
    )
    job = ExportJob.objects.get()
    tasks.write_export(job.pk)
    job.refresh_from_db()
    assert job.state == "finished", job.error
    lines = job.file.path.read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["E-mail,Roles", "bob@example.com,Sales Fabrikam"]


def test_whoever_may_not_see_a_list_keeps_nothing_of_it(client_of, bob, estate: Estate) -> None:
    for slug in ("activity", "users"):
        answer = client_of(bob).post("/lists/columns/", {"list": slug, "column": ["x"]})
        assert answer.status_code == 403
    assert ColumnChoice.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [("system:erp", 2), ("kind:vat", 1), ("of:customer", 2), ("of:product", 0), ("until:<30d", 0)],
)
def test_operators_of_the_external_ids(
    client_of, alice, estate: Estate, text: str, shown: int
) -> None:
    for kind, value in (("vat", "FR1"), ("customer_number", "C-1")):
        ExternalId.objects.create(
            connection=estate.connection,
            object_type="customer",
            object_id=estate.direct.pk,
            object_pc_id=estate.direct.pc_id,
            system="ERP",
            kind=kind,
            value=value,
        )
    assert rows(client_of(alice), "/external-ids/", q=text) == shown


@pytest.fixture
def lines(estate: Estate) -> tuple[Invoice, Invoice]:
    """Two invoices: three lines of Contoso's, one of the other's."""
    made = make_invoice(estate.connection, "G1"), make_invoice(estate.other, "G2")
    for invoice, customer, position in (
        (made[0], estate.of_fabrikam, 0),
        (made[0], estate.of_fabrikam, 1),
        (made[0], estate.direct, 2),
        (made[1], estate.elsewhere, 0),
    ):
        make_line(
            invoice,
            position,
            customer=customer,
            customer_pc_id=customer.pc_id,
            customer_name=customer.name,
            charge_type="Renew",
            quantity=position,
            subtotal=position,
            currency="EUR",
        )
    return made


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("customer:adatum", 2),
        ("client:lucerne adatum", 0),
        ("charge:renew", 3),
        ("charge:new", 0),
        ("quantity:>0", 2),
        ("net:2", 1),
        ("currency:eur", 3),
    ],
)
def test_operators_of_an_invoices_lines(client_of, administrator, lines, text, shown) -> None:
    shown_page = (
        client_of(administrator).get(f"/invoices/{lines[0].pk}/", {"q": text}).content.decode()
    )
    part = shown_page[shown_page.index('id="list"') :]
    assert "not understood" not in part, part[:500]
    assert part.count("<tr>") - part.count("<thead>") == shown


def test_lines_keep_columns_and_views_on_the_page_of_each_invoice(
    client_of, administrator, lines
) -> None:
    client = client_of(administrator)
    first, second = (f"/invoices/{invoice.pk}/" for invoice in lines)
    given = {"list": "invoice-lines", "column": ["position", "sku_id"], "next": first}
    assert client.post("/lists/columns/", given)["Location"] == first
    assert ">SKU ID" in client.get(second).content.decode()
    saved = client.post(
        "/lists/views/",
        {"list": "invoice-lines", "name": "Mine", "query": "q=charge:renew", "next": first},
    )
    assert saved["Location"] == f"{first}?view={SavedView.objects.get().key}"
    assert "Mine" in client.get(second).content.decode()
    # A list that has no page of its own is no way of the search.
    assert "Invoice lines" not in client.get("/search/", {"q": "charge:renew"}).content.decode()


def test_a_worker_writes_the_lines_of_their_invoice_alone(
    client_of, administrator, lines, monkeypatch
) -> None:
    monkeypatch.setattr(exports, "MOST_IN_WORKBOOK", 1)
    client = client_of(administrator)
    url = f"/invoices/{lines[0].pk}/?export=xlsx&columns=visible&q=customer:adatum"
    offer = client.get(url).content.decode()
    assert "Write it in the background" in offer
    query = html.unescape(re.search(r'name="query" value="([^"]*)"', offer)[1])
    assert f"of={lines[0].pk}" in query
    job = asked(client, "invoice-lines", query, ["position", "customer"])
    assert job.file.path.read_text(encoding="utf-8-sig").splitlines() == [
        "Line,Customer",
        "1,Adatum",
        "2,Adatum",
    ]


def test_a_file_of_a_customers_subscriptions_has_no_others(client_of, bob, estate: Estate) -> None:
    client = client_of(bob)
    job = asked(client, "subscriptions", f"of={estate.shared.pk}", ["customer"])
    assert job.file.path.read_text(encoding="utf-8-sig").splitlines() == [
        "Subscription,Customer",
        "E3 of Proseware,Proseware",
    ]
    # An invoice that the asker may not see is refused, whatever the form says.
    assert (
        client.post("/account/exports/new/", {"list": "invoice-lines", "query": "of=1"}).status_code
        == 403
    )


def test_a_worker_refuses_lines_of_no_invoice(client_of, administrator, lines) -> None:
    job = asked(client_of(administrator), "invoice-lines", "", ["position"])
    assert (job.state, job.error) == ("failed", "right")


def asked(client: Client, slug: str, query: str, columns: list[str]) -> ExportJob:
    given = {"list": slug, "format": "csv", "query": query, "column": columns}
    assert client.post("/account/exports/new/", given).status_code == 302
    job = ExportJob.objects.get()
    tasks.write_export(job.pk)
    job.refresh_from_db()
    return job
