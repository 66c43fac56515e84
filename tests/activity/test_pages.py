"""Reading the log: one's part of it, narrowed, opened in place, exported."""

from collections.abc import Callable

import pytest
from django.test import Client

from portal.access.models import Membership, User
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.activity.models import Entry
from tests.people import Estate, make_person

SignIn = Callable[[User], Client]


@pytest.fixture
def rita(estate: Estate) -> User:
    return make_person("rita", "reseller-admin", estate.connection, estate.fabrikam)


@pytest.fixture
def entries(estate: Estate, alice: User, bob: User) -> list[Entry]:
    """One of Fabrikam's, one of Northwind's, one of the distributor, one elsewhere."""

    def entry(kind: str, who: User, reseller, connection=estate.connection, **more) -> Entry:
        actor = Actor(who.pk, who.email, "192.0.2.1")
        reseller_id = reseller.pk if reseller else None
        return record(kind, actor=actor, connection=connection, reseller_id=reseller_id, **more)

    return [
        entry(
            "token.created",
            bob,
            estate.fabrikam,
            customer_pc_id=estate.of_fabrikam.pc_id,
            parameters={"name": "=cmd|<img src=x onerror=alert(1)>"},
            before={"quantity": 10},
            after={"quantity": 12},
            correlation_id="aaaa-1",
        ),
        entry("token.created", alice, estate.northwind, parameters={"name": "of-northwind"}),
        entry("user.created", alice, None),
        entry("token.created", alice, estate.foreign, estate.other, parameters={"name": "far"}),
    ]


def text(answer) -> str:
    return str(answer.content.decode())


def test_each_reads_their_part(
    entries: list[Entry], rita: User, alice: User, auditor: User, client_of: SignIn
) -> None:
    mine = text(client_of(rita).get("/activity/"))
    assert "Adatum" in mine
    assert "of-northwind" not in mine
    assert "Person added" not in mine
    wide = text(client_of(alice).get("/activity/"))
    assert "of-northwind" in wide
    assert "API token far" not in wide
    assert "API token far" in text(client_of(auditor).get("/activity/"))


def test_sales_have_no_part_in_the_log(entries: list[Entry], bob: User, client_of: SignIn) -> None:
    assert client_of(bob).get("/activity/").status_code == 403
    assert client_of(bob).get(f"/activity/{entries[0].pk}/").status_code == 403


def test_right_to_read_the_log_does_not_spread_over_memberships(
    estate: Estate, entries: list[Entry], rita: User, client_of: SignIn
) -> None:
    Membership.objects.create(
        user=rita, role="sales", connection=estate.connection, reseller=estate.northwind
    )
    assert "of-northwind" not in text(client_of(rita).get("/activity/"))
    assert client_of(rita).get(f"/activity/{entries[1].pk}/").status_code == 404


def test_customer_that_moved_keeps_its_past_with_the_old_reseller(
    estate: Estate, entries: list[Entry], rita: User, client_of: SignIn
) -> None:
    nina = make_person("nina", "reseller-admin", estate.connection, estate.northwind)
    estate.of_fabrikam.reseller_links.update(reseller=estate.northwind)
    url = f"/activity/?customer={estate.of_fabrikam.pc_id}"
    assert "API token =cmd" in text(client_of(rita).get(url))
    assert "API token =cmd" not in text(client_of(nina).get(url))


def test_a_customers_tab_tells_of_it_alone(
    estate: Estate, entries: list[Entry], rita: User, alice: User, bob: User, client_of: SignIn
) -> None:
    for who in (rita, alice):
        tab = text(client_of(who).get(f"/customers/{estate.of_fabrikam.pk}/activity/"))
        body = tab.split('id="list"')[1]
        assert "API token =cmd" in body
        assert "of-northwind" not in body
        assert "Person added" not in body
    other = text(client_of(alice).get(f"/customers/{estate.of_northwind.pk}/activity/"))
    assert "API token =cmd" not in other
    assert client_of(rita).get(f"/customers/{estate.of_northwind.pk}/activity/").status_code == 404
    url = f"/customers/{estate.of_fabrikam.pk}/activity/"
    assert client_of(bob).get(url).status_code == 403
    assert url not in text(client_of(bob).get(estate.of_fabrikam.get_absolute_url()))


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("area=user", "Person added", "API token"),
        ("q=AAAA-1", "API token =cmd", "of-northwind"),
        ("q=person+added", "Person added", "API token"),
        ("since=2999-01-01", "Nothing matches", "API token"),
        ("until=2999-01-01", "API token", "Nothing matches"),
        ("until=9999-12-31", "API token", "Nothing matches"),
        ("since=0001-01-01", "API token", "Nothing matches"),
        ("person={bob}", "API token =cmd", "of-northwind"),
    ],
)
def test_filters(
    query: str,
    shown: str,
    hidden: str,
    entries: list[Entry],
    alice: User,
    bob: User,
    client_of: SignIn,
) -> None:
    page = text(client_of(alice).get(f"/activity/?{query.format(bob=bob.pk)}"))
    body = page.split('id="list"')[1]
    assert shown in body
    assert hidden not in body


def test_person_outside_the_scope_cannot_be_filtered_for(
    estate: Estate, entries: list[Entry], rita: User, alice: User, client_of: SignIn
) -> None:
    page = text(client_of(rita).get("/activity/"))
    assert "Alice" not in page
    assert "not understood" in text(client_of(rita).get(f"/activity/?person={alice.pk}"))


def test_hostile_text_is_inert(entries: list[Entry], alice: User, client_of: SignIn) -> None:
    for url in ("/activity/", f"/activity/{entries[0].pk}/"):
        page = text(client_of(alice).get(url))
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_export_neutralises_formulas_and_keeps_the_scope(
    entries: list[Entry], rita: User, client_of: SignIn
) -> None:
    answer = client_of(rita).get("/activity/?export=csv")
    csv = answer.getvalue().decode()
    assert "API token =cmd" in csv
    assert "of-northwind" not in csv
    assert "aaaa-1" in csv


def test_entry_opens_in_its_row_and_closes_again(
    entries: list[Entry], alice: User, client_of: SignIn
) -> None:
    client, url = client_of(alice), f"/activity/{entries[0].pk}/"
    opened = client.get(url, headers={"HX-Request": "true"})
    assert "HX-Request" in opened["Vary"]
    body = text(opened)
    assert body.count("<tr") >= 2
    assert 'aria-expanded="true"' in body
    for part in ("<del>10</del>", "<ins>12</ins>", "aaaa-1", "192.0.2.1", "bob@example.com", "UTC"):
        assert part in body
    closed = text(client.get(f"{url}?closed=1", headers={"HX-Request": "true"}))
    assert 'aria-expanded="false"' in closed
    assert 'hx-swap-oob="delete"' in closed
    assert "<del>" not in closed


def test_entry_has_a_page_of_its_own(entries: list[Entry], alice: User, client_of: SignIn) -> None:
    page = text(client_of(alice).get(f"/activity/{entries[0].pk}/"))
    assert "<h1>API token =cmd" in page
    assert "<del>10</del>" in page


def test_other_peoples_entry_is_404(entries: list[Entry], rita: User, client_of: SignIn) -> None:
    assert client_of(rita).get(f"/activity/{entries[1].pk}/").status_code == 404
    assert client_of(rita).get("/activity/999999/").status_code == 404


def test_list_is_few_queries_whatever_its_length(
    entries: list[Entry], alice: User, client_of: SignIn, queries_of
) -> None:
    client = client_of(alice)
    for _ in range(40):
        record("user.changed", actor=Actor(alice.pk), connection=entries[0].connection)
    client.get("/activity/")
    with queries_of() as seen:
        client.get("/activity/")
    assert len(seen) <= 6, seen


def test_api_reads_the_same_and_writes_nothing(
    entries: list[Entry], rita: User, bob: User, api_of: Callable[..., Client]
) -> None:
    client = api_of(rita, read_only=False)
    rows = client.get("/api/v1/activity/").json()["results"]
    assert [row["id"] for row in rows] == [entries[0].pk]
    assert client.get(f"/api/v1/activity/{entries[0].pk}/").json()["kind"] == "token.created"
    assert client.get(f"/api/v1/activity/{entries[1].pk}/").status_code == 404
    assert api_of(bob).get("/api/v1/activity/").status_code == 403
    for call in (client.post, client.put, client.delete):
        assert call(f"/api/v1/activity/{entries[0].pk}/").status_code in {403, 405}
    assert Entry.objects.count() == 4
