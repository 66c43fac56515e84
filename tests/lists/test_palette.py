"""The palette and the search field: records, verbs, pages, lists; each within scope and rights."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from portal.access import search
from tests.billing.world import make_invoice
from tests.people import Estate, make_change


@pytest.fixture
def found(estate: Estate) -> Estate:
    """The estate, indexed as a sync leaves it."""
    for kind in search.kinds():
        search.reindex(kind)
    return estate


def options(client: Client, text: str) -> dict[str, str]:
    """Label → address, over all groups."""
    answer = client.get("/palette/", {"q": text})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "<html" not in html
    return {
        label: url
        for url, label in re.findall(
            r'role="option"[^>]*data-url="([^"]+)".*?<span>(.*?)</span>', html
        )
    }


def test_records_open_and_offer_their_verbs(client_of, alice, found: Estate) -> None:
    offered = options(client_of(alice), "E3 of Adatum")
    pk = found.fabrikam_seats.pk
    assert offered["E3 of Adatum"] == f"/subscriptions/{pk}/"
    assert offered["Suspend…"] == f"/subscriptions/{pk}/suspend/"


def test_equal_names_are_told_apart_by_their_connection(
    client_of, alice, bob, administrator, found: Estate
) -> None:
    one, other = found.of_fabrikam, Customer.objects.get(connection=found.other)
    Customer.objects.filter(pk=other.pk).update(name=one.name)
    search.reindex("customer")

    def told(person, address: str) -> list[str]:
        html = client_of(person).get(address, {"q": one.name}).content.decode()
        return sorted(re.findall(r"[ >](contoso|litware)</(?:span|small)>", html))

    assert {"contoso", "litware"} <= set(told(administrator, "/palette/"))
    assert {"contoso", "litware"} <= set(told(administrator, "/search/"))
    for person in (alice, bob):
        assert told(person, "/palette/") == [], "whoever sees one connection needs no name of it"


def test_a_record_of_a_retired_connection_says_so_and_offers_no_verb(
    client_of, administrator, found: Estate
) -> None:
    client = client_of(administrator)
    assert "Suspend…" in options(client, "E3 of Adatum")
    found.connection.retired_at = timezone.now()
    found.connection.save()
    offered = options(client, "E3 of Adatum")
    assert "E3 of Adatum" in offered
    assert "Suspend…" not in offered
    assert "E3 of Adatum" not in options(client, "suspend adatum")
    html = client.get("/search/", {"q": "Adatum"}).content.decode()
    assert "contoso · connection retired" in html


def test_a_verb_comes_first_then_whose(client_of, alice, found: Estate) -> None:
    offered = options(client_of(alice), "suspend adatum")
    assert offered["E3 of Adatum"] == f"/subscriptions/{found.fabrikam_seats.pk}/suspend/"


def test_nobody_is_offered_what_they_may_not(client_of, auditor, charlie, found: Estate) -> None:
    assert "Suspend…" not in options(client_of(auditor), "E3 of Adatum")
    assert "E3 of Adatum" not in options(client_of(charlie), "Adatum")


def test_pages_are_offered_at_once_and_by_name(client_of, alice, bob, found: Estate) -> None:
    assert options(client_of(alice), "")["Customers"] == "/customers/"
    assert "Customers" in options(client_of(alice), "> cust")
    assert "Adatum" not in options(client_of(alice), "> adatum")
    assert "Activity" not in options(client_of(bob), "activ")


def test_operators_lead_to_the_lists_that_know_them(client_of, alice, found: Estate) -> None:
    offered = options(client_of(alice), "status:suspended renews:<30d")
    assert offered["Subscriptions"] == "/subscriptions/?q=status%3Asuspended+renews%3A%3C30d"
    assert "Customers" not in offered


def test_search_sends_operators_to_the_one_list_that_knows_them(client_of, alice, found) -> None:
    client = client_of(alice)
    text = 'status:suspended renews:<30d reseller:Fabrikam country:FR seats:>10 "free text"'
    answer = client.get("/search/", {"q": text})
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert page.status_code == 200
    html = page.content.decode()
    assert "Nothing matches this filter" in html
    assert html.count("Remove filter") == 6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("status:active seats:>5", {"E3 of Adatum", "E3 of Proseware", "E5 of Proseware"}),
        ("statut:active revendeur:Fabrikam", {"E3 of Adatum", "E3 of Proseware"}),
        ("customer:adatum -status:suspended", {"E3 of Adatum"}),
        ("seats:>10", set()),
        ("product:E3 reseller:northwind", {"E5 of Proseware"}),
    ],
)
def test_operators_of_the_subscriptions(client_of, alice, found, text, expected) -> None:
    html = client_of(alice).get("/subscriptions/", {"q": text}).content.decode()
    names = {"E3 of Adatum", "E3 of Proseware", "E5 of Proseware"}
    assert {name for name in names if f">{name}<" in html} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reseller:Fabrikam", {"Adatum", "Proseware"}),
        ("pays:FR seats:>15", {"Proseware"}),
        ("status:reseller domain:adatum", {"Adatum"}),
        ("subscriptions:1", {"Adatum", "Wingtip", "Lucerne"}),
        ("renews:<30d", set()),
    ],
)
def test_operators_of_the_customers(client_of, alice, found, text, expected) -> None:
    html = client_of(alice).get("/customers/", {"q": text}).content.decode()
    names = {"Adatum", "Proseware", "Wingtip", "Lucerne"}
    assert {name for name in names if f">{name}</a><small>" in html} == expected


def test_a_resellers_filter_never_tells_of_another_reseller(client_of, bob, found) -> None:
    """Proseware buys from both; that it buys from Northwind is not Fabrikam's to know."""
    html = client_of(bob).get("/customers/", {"q": "reseller:Northwind"}).content.decode()
    assert ">Proseware</a>" not in html


def test_unknown_operators_are_answered_with_those_known(client_of, alice, found) -> None:
    client = client_of(alice)
    for url in ("/search/", "/customers/"):
        html = client.get(url, {"q": "colour:red"}).content.decode()
        assert "“colour:” is not known here" in html
        assert "country:" in html
    apart = client.get("/search/", {"q": "takeback:<3d domain:contoso"}).content.decode()
    assert "No list understands all of these operators together" in apart


def test_a_text_that_several_lists_understand_offers_each(client_of, alice, found) -> None:
    html = client_of(alice).get("/search/", {"q": "country:FR"}).content.decode()
    assert 'href="/customers/?q=country%3AFR"' in html
    assert 'href="/subscriptions/?q=country%3AFR"' in html


def test_pasted_identifiers_open_their_record(client_of, alice, charlie, found: Estate) -> None:
    for text, url in (
        (found.of_fabrikam.pc_id, f"/customers/{found.of_fabrikam.pk}/"),
        (found.of_fabrikam.domain.upper(), f"/customers/{found.of_fabrikam.pk}/"),
        (found.fabrikam_seats.pc_id, f"/subscriptions/{found.fabrikam_seats.pk}/"),
    ):
        assert client_of(alice).get("/search/", {"q": text})["Location"] == url
        assert client_of(charlie).get("/search/", {"q": text}).status_code == 200


def test_what_is_typed_is_inert(client_of, alice, found) -> None:
    for url in ("/palette/", "/search/", "/customers/"):
        html = client_of(alice).get(url, {"q": 'x:"><script>alert(1)</script>'}).content.decode()
        assert "<script>alert" not in html


@pytest.mark.parametrize(
    ("text", "shown"),
    [("state:failed", 1), ("state:sending", 1), ("état:failed,sending", 2), ("customer:wing", 1)],
)
def test_operators_of_the_changes(client_of, alice, found: Estate, text: str, shown: int) -> None:
    over = {"error": {"code": "1"}, "settled_at": timezone.now()}
    make_change(found.fabrikam_seats, alice, state="failed", **over)
    make_change(found.northwind_seats, alice, state="queued")
    html = client_of(alice).get("/changes/", {"q": text}).content.decode()
    assert "not understood" not in html
    rows = html[html.index('id="list"') :].count('scope="row"')
    assert rows == shown
    assert 'name="row"' not in html


def test_a_wrong_state_is_said(client_of, alice, found: Estate) -> None:
    html = client_of(alice).get("/changes/", {"q": "state:lost"}).content.decode()
    assert "is not one of: sending" in html


def test_invoices_have_operators_and_views_too(client_of, administrator, found: Estate) -> None:
    make_invoice(found.connection, "G077")
    client = client_of(administrator)
    html = client.get("/invoices/", {"q": "number:G07 document:invoice"}).content.decode()
    assert ">G077</a>" in html
    assert "Save this view" in html
    assert client.get("/search/", {"q": "g077"})["Location"].startswith("/invoices/")
