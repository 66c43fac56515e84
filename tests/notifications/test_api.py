"""One's own notifications over the API: paged by position, never anybody else's, noted as read by POST."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils.translation import gettext_lazy as _

from portal.access.models import User
from portal.notifications import kinds
from portal.notifications.models import Notification
from portal.notifications.telling import News, notify
from tests.people import Estate

SLUG, URL = "test.api", "/api/v1/notifications/"
ApiOf = Callable[..., Client]


@pytest.fixture(autouse=True)
def kind() -> Iterator[None]:
    """A kind whose words are in the catalogue already."""
    kinds.register(
        kinds.Kind(
            slug=SLUG, label=_("Customers"), subject=_("Customers"), text="{what}", default="portal"
        )
    )
    yield
    kinds._kinds.pop(SLUG)


def tell(user: User, what: str = "rain", **place: int) -> Notification:
    news = News(kind=SLUG, parameters={"what": what}, url="/customers/", **place)
    return notify(news, [user])[0]


def test_ones_own_are_listed_by_pages_the_newest_first(
    bob: User, charlie: User, api_of: ApiOf
) -> None:
    for what in ("one", "two", "three"):
        tell(bob, what)
    tell(charlie, "not for bob")
    client = api_of(bob)
    first = client.get(f"{URL}?size=2").json()
    assert [row["text"] for row in first["results"]] == ["three", "two"]
    second = client.get(first["next"]).json()
    assert [row["text"] for row in second["results"]] == ["one"]
    assert second["next"] is None
    row = first["results"][0]
    assert (row["kind"], row["title"], row["url"]) == (SLUG, "Customers", "/customers/")
    assert row["read_at"] is None
    assert "user" not in row


def test_words_are_in_the_callers_language(bob: User, api_of: ApiOf) -> None:
    User.objects.filter(pk=bob.pk).update(language="fr")
    tell(bob)
    assert api_of(bob).get(URL).json()["results"][0]["title"] == "Clients"


def test_one_is_noted_as_read_once(bob: User, api_of: ApiOf) -> None:
    row, other = tell(bob), tell(bob, "other")
    client = api_of(bob, read_only=False)
    answer = client.post(f"{URL}{row.pk}/read/")
    assert answer.status_code == 200
    at = answer.json()["read_at"]
    assert at
    assert client.post(f"{URL}{row.pk}/read/").json()["read_at"] == at
    assert [found["id"] for found in client.get(f"{URL}?unread=true").json()["results"]] == [
        other.pk
    ]
    assert [found["id"] for found in client.get(f"{URL}?unread=false").json()["results"]] == [
        row.pk
    ]
    assert client.get(f"{URL}?unread=perhaps").status_code == 400
    assert client.get(f"{URL}?kind=nothing").json()["results"] == []


def test_all_are_noted_as_read_and_the_bell_knows(
    bob: User, charlie: User, api_of: ApiOf, client_of: Callable[[User], Client]
) -> None:
    tell(bob)
    tell(bob)
    foreign = tell(charlie)
    page = client_of(bob)
    assert "2 unread" in page.get("/notifications/").content.decode()
    assert api_of(bob, read_only=False).post(f"{URL}read-all/").json() == {"marked": 2}
    assert "0 unread" in page.get("/notifications/").content.decode()
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_a_token_that_only_reads_notes_nothing(bob: User, api_of: ApiOf) -> None:
    row = tell(bob)
    client = api_of(bob)
    assert client.get(f"{URL}{row.pk}/").status_code == 200
    assert client.post(f"{URL}{row.pk}/read/").status_code == 403
    assert client.post(f"{URL}read-all/").status_code == 403
    row.refresh_from_db()
    assert row.read_at is None


def test_anothers_and_what_was_lost_from_sight_are_not_found(
    estate: Estate, bob: User, charlie: User, api_of: ApiOf
) -> None:
    row = tell(bob, connection_id=estate.connection.pk, reseller_id=estate.fabrikam.pk)
    outsider = api_of(charlie, read_only=False)
    assert outsider.get(f"{URL}{row.pk}/").status_code == 404
    assert outsider.post(f"{URL}{row.pk}/read/").status_code == 404
    bob.memberships.update(reseller=estate.northwind)
    client = api_of(bob, read_only=False)
    assert client.get(URL).json()["results"] == []
    assert client.post(f"{URL}{row.pk}/read/").status_code == 404
    assert client.post(f"{URL}read-all/").json() == {"marked": 0}
    row.refresh_from_db()
    assert row.read_at is None


def test_it_stands_in_the_description(administrator: User, api_of: ApiOf) -> None:
    client = api_of(administrator)
    described = client.get("/api/v1/schema/?format=json").json()["paths"]
    assert {f"{URL}", f"{URL}{{id}}/", f"{URL}{{id}}/read/", f"{URL}read-all/"} <= set(described)
    listed = {row["name"] for row in described[URL]["get"]["parameters"]}
    assert {"after", "size", "unread", "kind"} <= listed
    answer = described[f"{URL}read-all/"]["post"]["responses"]["200"]["content"]["application/json"]
    assert answer["schema"]["$ref"].endswith("/Marked")
    assert client.get("/api/v1/").json()["notification"].endswith(URL)
