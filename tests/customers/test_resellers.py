"""Indirect resellers: their list for the distributor, their page with external ids also for themselves."""

import re

from customers.models import Customer, ResellerLink
from orders.models import Subscription
from portal.lists.models import ExternalId
from portal.ui import formats
from tests.people import Estate


def test_the_distributor_sees_its_resellers_with_their_customers(
    client_of, alice, estate: Estate
) -> None:
    html = client_of(alice).get("/resellers/").content.decode()
    assert re.findall(r'href="/resellers/(\d+)/">([^<]+)<', html) == [
        (str(estate.fabrikam.pk), "Fabrikam"),
        (str(estate.northwind.pk), "Northwind"),
    ]
    sold = Subscription.objects.filter(reseller=estate.fabrikam, status="active")
    seats = sum(row.quantity or 0 for row in sold if row.unit_type == "Licenses")
    row = html[html.index("Fabrikam<") : html.index("Northwind<")]
    assert re.findall(r'class="num[^"]*">([\d,]+)<', row) == [
        "2",
        formats.count(sold.count()),
        formats.count(seats),
    ]
    page = client_of(alice).get(f"/resellers/{estate.fabrikam.pk}/").content.decode()
    assert "1000001" in page
    assert f'href="/customers/?reseller={estate.fabrikam.pk}">2</a>' in page
    # A customer that left, or a link that ended, is counted no more.
    Customer.objects.filter(pk=estate.of_fabrikam.pk).update(gone_at="2026-01-01T00:00Z")
    ResellerLink.objects.filter(customer=estate.shared).update(gone_at="2026-01-01T00:00Z")
    page = client_of(alice).get(f"/resellers/{estate.fabrikam.pk}/").content.decode()
    assert f'href="/customers/?reseller={estate.fabrikam.pk}">0</a>' in page


def test_a_reseller_sees_itself_and_no_other(client_of, bob, estate: Estate) -> None:
    client = client_of(bob)
    assert client.get(f"/resellers/{estate.fabrikam.pk}/").status_code == 200
    assert client.get(f"/resellers/{estate.northwind.pk}/").status_code == 404
    assert client.get(f"/resellers/{estate.foreign.pk}/").status_code == 404
    assert client.get("/resellers/").status_code == 403
    assert 'href="/resellers/"' not in client.get("/customers/").content.decode()


def test_external_ids_are_added_from_the_page_and_shown_on_it(
    client_of, bob, charlie, auditor, estate: Estate
) -> None:
    page = f"/resellers/{estate.fabrikam.pk}/"
    form = f"/external-ids/of/reseller/{estate.fabrikam.pk}/"
    assert form in client_of(bob).get(page).content.decode()
    assert form not in client_of(auditor).get(page).content.decode()
    given = {"system": "ERP", "kind": "customer_number", "value": "R-77"}
    assert client_of(charlie).post(form, given).status_code == 404
    assert client_of(bob).post(form, given).status_code == 302
    row = ExternalId.objects.get()
    assert (row.reseller, row.object_id) == (estate.fabrikam, estate.fabrikam.pk)
    assert "R-77" in client_of(bob).get(page).content.decode()
    assert f'href="{page}"' in client_of(bob).get("/external-ids/").content.decode()


def test_resellers_are_found_by_name_mpn_and_external_id(client_of, alice, estate: Estate) -> None:
    ExternalId.objects.create(
        connection=estate.connection,
        reseller=estate.northwind,
        object_type="reseller",
        object_id=estate.northwind.pk,
        object_pc_id=estate.northwind.pc_id,
        system="ERP",
        kind="vat",
        value="FR9",
    )
    client = client_of(alice)
    for text in ("north", "1000002", "mpn:1000002", "external:FR9"):
        html = client.get("/resellers/", {"q": text}).content.decode()
        assert re.findall(r'href="/resellers/\d+/">([^<]+)<', html) == ["Northwind"], text
    answer = client.get("/resellers/?export=csv&columns=visible&cols=name,mpn,external_vat")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == [
        "Indirect reseller,MPN ID,VAT ID",
        "Fabrikam,1000001,",
        "Northwind,1000002,FR9",
    ]
