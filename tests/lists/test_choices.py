"""Columns and views: remembered per person and list, shared by address, never more than one's own rows."""

import re

import pytest
from django.test import Client

from portal.lists.models import ColumnChoice, SavedView
from portal.outbox.models import Command
from tests.people import Estate


def heads(html: str) -> list[str]:
    """The words of the column heads."""
    table = html[html.index("<thead>") : html.index("</thead>")]
    found = re.findall(r"<th[^>]*>(.*?)</th>", table, re.DOTALL)
    return [re.sub(r"<[^>]+>|[↑↓]", "", head).strip() for head in found][1:]


def page(client: Client, url: str = "/customers/") -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def post(client: Client, url: str, **values: object) -> str:
    answer = client.post(url, values)
    assert answer.status_code == 302, answer
    return str(answer["Location"])


def test_columns_are_kept_in_order_for_their_person_alone(client_of, alice, bob) -> None:
    client = client_of(alice)
    assert heads(page(client))[:3] == ["Customer", "Indirect resellers", "Country"]
    back = post(
        client, "/lists/columns/", list="customers", column=["tenant", "seats"], next="/customers/"
    )
    assert back == "/customers/"
    assert heads(page(client)) == ["Customer", "Tenant ID", "Seats"]
    assert heads(page(client_of(bob)))[:3] == ["Customer", "Indirect resellers", "Country"]
    assert "Subscription" in heads(page(client, "/subscriptions/"))[0]


def test_columns_move_and_go_back_to_the_first_ones(client_of, alice) -> None:
    client = client_of(alice)
    columns = ["seats", "country"]
    post(client, "/lists/columns/", list="customers", column=columns, move="up:country")
    assert ColumnChoice.objects.get().columns == ["name", "country", "seats"]
    post(client, "/lists/columns/", list="customers", column=columns, reset="1")
    assert heads(page(client))[1] == "Indirect resellers"
    assert ColumnChoice.objects.count() == 0


def test_columns_that_do_not_exist_are_left_out(client_of, alice) -> None:
    client = client_of(alice)
    post(client, "/lists/columns/", list="customers", column=["password", "seats", "seats"])
    assert ColumnChoice.objects.get().columns == ["name", "seats"]


def test_a_list_that_one_may_not_see_keeps_nothing(client_of, alice, estate) -> None:
    client = client_of(alice)
    assert client.post("/lists/columns/", {"list": "no-such"}).status_code == 404
    assert client.post("/lists/views/", {"list": "no-such", "name": "x"}).status_code == 404
    assert SavedView.objects.count() == 0


def test_the_way_back_stays_in_the_portal(client_of, alice) -> None:
    target = post(
        client_of(alice), "/lists/columns/", list="customers", next="https://evil.example/"
    )
    assert target == "/customers/"


def saved(client: Client, name: str, query: str, **more: str) -> SavedView:
    where = post(client, "/lists/views/", list="customers", name=name, query=query, **more)
    view = SavedView.objects.get(name=name)
    assert where == f"/customers/?view={view.key}"
    return view


def test_a_view_brings_back_filter_order_and_columns(client_of, alice, estate: Estate) -> None:
    client = client_of(alice)
    view = saved(client, "Proseware", "q=prose&sort=-name&cols=name,tenant&evil=1&after=x")
    assert view.query == "q=prose&sort=-name&cols=name%2Ctenant"
    html = page(client, f"/customers/?view={view.key}")
    assert heads(html) == ["Customer", "Tenant ID"]
    assert "Proseware" in html
    assert "Adatum" not in html
    assert f'href="/customers/?view={view.key}" aria-current="page"' in html
    assert f"/customers/?view={view.key}&amp;export=csv" in html


def test_a_filter_of_a_view_can_be_taken_away_within_it(client_of, alice) -> None:
    client = client_of(alice)
    view = saved(client, "One", "q=prose")
    html = page(client, f"/customers/?view={view.key}")
    assert f'href="/customers/?view={view.key}&amp;q="' in html
    wide = page(client, f"/customers/?view={view.key}&q=")
    assert "Adatum" in wide
    assert "Keep the changes in this view" in wide
    post(client, f"/lists/views/{view.key}/", act="keep", query="q=adat")
    assert "Adatum" in page(client, f"/customers/?view={view.key}")


def test_a_shared_view_shows_a_colleague_of_another_reseller_only_their_own_rows(
    client_of, bob, charlie, alice, estate: Estate
) -> None:
    mine = saved(client_of(bob), "French ones", "q=country:FR", shared="1")
    seen = page(client_of(bob), f"/customers/?view={mine.key}")
    assert "Adatum" in seen
    assert "Wingtip" not in seen
    other = page(client_of(charlie), f"/customers/?view={mine.key}")
    assert "Wingtip" in other
    assert "Adatum" not in other
    assert "Lucerne" not in other
    text = b"".join(
        client_of(charlie).get(f"/customers/?view={mine.key}&export=csv").streaming_content
    )
    assert b"Wingtip" in text
    assert b"Adatum" not in text
    # Its name stands in the bar of its reseller and of the distributor, not of another reseller.
    assert "French ones" not in page(client_of(charlie))
    assert re.search(r"view=\S+>French ones</a>", page(client_of(alice)))


def test_a_view_that_is_not_shared_is_nobody_elses(client_of, bob, charlie) -> None:
    view = saved(client_of(bob), "Mine", "q=prose")
    html = page(client_of(charlie), f"/customers/?view={view.key}")
    assert "nobody shares it with you" in html
    assert "Mine" not in html
    for act in ("keep", "remove", "share"):
        answer = client_of(charlie).post(f"/lists/views/{view.key}/", {"act": act, "query": ""})
        assert answer.status_code == 404
    view.refresh_from_db()
    assert (view.query, view.shared) == ("q=prose", False)


def test_a_view_of_another_list_does_not_open_here(client_of, alice) -> None:
    view = saved(client_of(alice), "Mine", "q=prose")
    assert "does not exist" in page(client_of(alice), f"/subscriptions/?view={view.key}")


def test_a_view_is_shared_renounced_and_removed(client_of, alice, bob) -> None:
    client = client_of(alice)
    view = saved(client, "All of it", "q=a")
    post(client, f"/lists/views/{view.key}/", act="share")
    assert "All of it" in page(client_of(bob))
    post(client, f"/lists/views/{view.key}/", act="unshare")
    assert "All of it" not in page(client_of(bob))
    assert post(client, f"/lists/views/{view.key}/", act="remove") == "/customers/"
    assert SavedView.objects.count() == 0


def test_an_auditor_keeps_columns_and_views_too(client_of, auditor) -> None:
    saved(client_of(auditor), "Evidence", "q=a")
    post(client_of(auditor), "/lists/columns/", list="customers", column=["tenant"])
    assert Command.objects.count() == 0


@pytest.mark.parametrize("name", ["", "   ", "\x00"])
def test_a_view_without_a_name_is_not_kept(client_of, alice, name: str) -> None:
    post(client_of(alice), "/lists/views/", list="customers", name=name, query="q=a")
    assert SavedView.objects.count() == 0


def test_the_list_asks_one_query_for_all_that_is_kept(
    client_of, alice, queries_of, estate: Estate
) -> None:
    client = client_of(alice)
    for number in range(5):
        saved(client, f"View {number}", "q=a", shared="1")
    with queries_of() as seen:
        page(client, "/customers/")
    assert len([sql for sql in seen if "lists_" in sql]) == 1
    with queries_of() as seen:
        page(client, "/customers/")
    assert not [sql for sql in seen if "lists_" in sql]


def test_selected_rows_lead_to_a_file_of_them_alone(client_of, alice, estate: Estate) -> None:
    client = client_of(alice)
    where = post(
        client,
        "/lists/selected/",
        list="customers",
        next="/customers/?sort=-name",
        export="csv",
        row=[estate.shared.pk],
    )
    assert where.startswith("/customers/?sort=-name&export=csv")
    text = b"".join(client.get(where).streaming_content).decode()
    assert "Proseware" in text
    assert "Adatum" not in text
    every = post(
        client,
        "/lists/selected/",
        list="customers",
        next="/customers/?q=adat",
        export="csv",
        all="1",
        row=[estate.shared.pk],
    )
    text = b"".join(client.get(every).streaming_content).decode()
    assert "Adatum" in text
    assert "Proseware" not in text


def test_ids_of_another_reseller_select_nothing(client_of, charlie, estate: Estate) -> None:
    where = post(
        client_of(charlie),
        "/lists/selected/",
        list="customers",
        export="csv",
        row=[estate.of_fabrikam.pk, estate.of_northwind.pk],
    )
    text = b"".join(client_of(charlie).get(where).streaming_content).decode()
    assert "Wingtip" in text
    assert "Adatum" not in text
