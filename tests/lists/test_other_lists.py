"""Activity, users and external ids are lists like the others: columns, views, operators, background files."""

import re

import pytest
from django.test import Client

from portal.access.models import User
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.lists import tasks
from portal.lists.models import ColumnChoice, ExportJob, ExternalId, SavedView
from tests.people import Estate, make_person


def rows(client: Client, path: str, **query: str) -> int:
    html = client.get(path, query).content.decode()
    assert "not understood" not in html, html[html.index('id="list"') :][:600]
    return html[html.index('id="list"') :].count('scope="row"')


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
    html = client.get("/activity/").content.decode()
    url = re.search(r'href="(/activity/\d+/)"', html)[1]
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/activity/"}
    opened = client.get(url, headers=htmx).content.decode()
    assert 'colspan="1"' in opened
    assert "external_id.added" in opened
    # What the address asks for goes before what is kept.
    htmx["HX-Current-URL"] += "?cols=what,when,who,kind"
    assert 'colspan="3"' in client.get(url, headers=htmx).content.decode()


@pytest.mark.parametrize("slug", ["activity", "users", "external_ids"])
def test_columns_and_views_are_kept(client_of, administrator, told, slug: str) -> None:
    client = client_of(administrator)
    path = {"users": "/settings/users/", "external_ids": "/external-ids/"}.get(slug, "/activity/")
    name = slug.replace("_", "-")
    kept = {"activity": "target", "users": "language", "external_ids": "connection"}[slug]
    client.post("/lists/columns/", {"list": name, "column": [kept], "next": path})
    assert kept in ColumnChoice.objects.get(list_slug=name).columns
    html = client.get(path).content.decode()
    assert "Saved views" in html
    assert 'name="row"' not in html or slug == "external_ids"
    client.post("/lists/views/", {"list": name, "name": "Mine", "query": f"cols={kept}"})
    view = SavedView.objects.get(list_slug=name)
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
