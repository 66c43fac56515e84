"""External ids: unique in their system, inside their reseller, found by value, in columns, filters and files."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from orders.models import Subscription
from portal.activity.models import Entry
from portal.lists import queries
from portal.lists.models import ExternalId
from tests.people import Estate, make_customer

URL = "/external-ids/of"


def add(client: Client, what: str, pk: int, **values: str) -> int:
    given = {"system": "ERP", "kind": "customer_number", "value": "C-1001"} | values
    return client.post(f"{URL}/{what}/{pk}/", given).status_code


def content(response) -> str:
    return b"".join(response.streaming_content).decode()


def test_a_value_is_kept_shown_and_noted(client_of, alice, estate: Estate) -> None:
    client = client_of(alice)
    pk = estate.of_fabrikam.pk
    assert add(client, "customer", pk) == 302
    row = ExternalId.objects.get()
    assert (row.reseller, row.connection) == (estate.fabrikam, estate.connection)
    assert "C-1001" in client.get(f"/customers/{pk}/").content.decode()
    listed = f'<a href="/customers/{pk}/">{estate.of_fabrikam.name}</a>'
    assert listed in client.get("/external-ids/").content.decode(), "its name, not its id"
    entry = Entry.objects.get(kind="external_id.added")
    assert (entry.reseller_id, entry.after["value"]) == (estate.fabrikam.pk, "C-1001")


def test_every_kind_of_object_carries_them(client_of, administrator, estate: Estate) -> None:
    client = client_of(administrator)
    subscription = estate.fabrikam_seats.pk
    assert add(client, "subscription", subscription, kind="item") == 302
    assert add(client, "connection", estate.connection.pk, kind="company") == 302
    assert add(client, "reseller", estate.fabrikam.pk, kind="vat", value="FR1") == 302
    assert "C-1001" in client.get(f"/subscriptions/{subscription}/").content.decode()
    assert "C-1001" in client.get("/settings/connections/contoso/").content.decode()
    assert "FR1" in client.get(f"{URL}/reseller/{estate.fabrikam.pk}/").content.decode()
    assert add(client, "subscription", subscription, kind="vat", value="x") == 422
    assert add(client, "planet", 1) == 404


def test_an_identifier_names_one_object_of_its_system(client_of, alice, estate: Estate) -> None:
    client = client_of(alice)
    assert add(client, "customer", estate.direct.pk) == 302
    answer = client.post(
        f"{URL}/customer/{estate.shared.pk}/",
        {"system": "erp", "kind": "customer_number", "value": "c-1001"},
    )
    assert answer.status_code == 422
    assert "already uses Customer number c-1001" in answer.content.decode()
    twice = client.post(
        f"{URL}/customer/{estate.direct.pk}/",
        {"system": "erp", "kind": "customer_number", "value": "c-1001"},
    )
    assert "This object already has Customer number c-1001 of erp." in twice.content.decode()
    one = client.get("/external-ids/").content.decode()
    assert "Export 1 row<" in one
    assert add(client, "customer", estate.shared.pk, system="PSA") == 302
    # A cost centre gathers several objects; twice on one it says nothing new.
    for pk in (estate.direct.pk, estate.shared.pk):
        assert add(client, "customer", pk, kind="cost_centre", value="100") == 302
    assert add(client, "customer", estate.shared.pk, kind="cost_centre", value="100") == 422
    assert ExternalId.objects.count() == 4


def test_a_purchase_order_has_a_validity(client_of, alice, estate: Estate) -> None:
    client = client_of(alice)
    pk = estate.of_fabrikam.pk
    past = {"valid_from": "2020-01-01", "valid_to": "2020-12-31"}
    assert add(client, "customer", pk, kind="purchase_order", value="PO-1", **past) == 302
    assert add(client, "customer", pk, kind="purchase_order", value="PO-2") == 302
    wrong = {"valid_from": "2021-01-01", "valid_to": "2020-12-31"}
    assert add(client, "customer", pk, kind="purchase_order", value="PO-3", **wrong) == 422
    text = content(client.get("/customers/?q=adatum&export=csv"))
    assert "PO-2" in text
    assert "PO-1" not in text


def test_two_resellers_of_a_customer_keep_their_own(
    client_of, bob, charlie, alice, estate: Estate
) -> None:
    pk = estate.shared.pk
    assert add(client_of(bob), "customer", pk) == 302
    assert add(client_of(charlie), "customer", pk) == 302  # the same number in another ERP
    assert add(client_of(charlie), "customer", pk, value="C-9") == 302
    assert add(client_of(alice), "customer", pk, value="D-1") == 302
    assert {row.reseller_id for row in ExternalId.objects.all()} == {
        estate.fabrikam.pk,
        estate.northwind.pk,
        None,
    }
    seen = client_of(bob).get(f"/customers/{pk}/").content.decode()
    assert "C-1001" in seen
    assert "C-9" not in seen
    assert "D-1" not in seen
    listed = client_of(bob).get("/external-ids/").content.decode()
    assert len(re.findall(r'scope="row"', listed)) == 1
    text = content(client_of(bob).get("/customers/?q=proseware&export=csv"))
    assert "C-9" not in text
    assert (
        client_of(bob)
        .get("/customers/", {"q": "external:C-9"})
        .content.decode()
        .count(">Proseware</a>")
        == 0
    )


def test_another_resellers_object_is_not_found_and_an_auditor_may_not(
    client_of, charlie, auditor, bob, estate: Estate
) -> None:
    assert add(client_of(charlie), "customer", estate.of_fabrikam.pk) == 404
    assert add(client_of(auditor), "customer", estate.of_fabrikam.pk) == 403
    assert add(client_of(bob), "customer", estate.of_fabrikam.pk) == 302
    row = ExternalId.objects.get()
    for path in ("", "remove/"):
        assert client_of(charlie).post(f"/external-ids/{row.pk}/{path}").status_code == 404
        assert client_of(auditor).post(f"/external-ids/{row.pk}/{path}").status_code == 403
    assert ExternalId.objects.count() == 1


def test_one_is_corrected_and_removed(client_of, bob, estate: Estate) -> None:
    client = client_of(bob)
    add(client, "customer", estate.of_fabrikam.pk)
    row = ExternalId.objects.get()
    given = {"system": "ERP", "kind": "customer_number", "value": "C-2"}
    assert client.post(f"/external-ids/{row.pk}/", given).status_code == 302
    row.refresh_from_db()
    assert row.value == "C-2"
    assert client.post(f"/external-ids/{row.pk}/remove/").status_code == 302
    assert ExternalId.objects.count() == 0
    kinds = Entry.objects.filter(kind__startswith="external_id").values_list("kind", flat=True)
    assert sorted(kinds) == ["external_id.added", "external_id.changed", "external_id.removed"]


def test_a_pasted_value_opens_its_object(client_of, bob, charlie, estate: Estate) -> None:
    add(client_of(bob), "customer", estate.of_fabrikam.pk)
    answer = client_of(bob).get("/search/", {"q": "c-1001"})
    assert answer["Location"] == f"/customers/{estate.of_fabrikam.pk}/"
    assert client_of(charlie).get("/search/", {"q": "c-1001"}).status_code == 200


def test_columns_and_filters_of_the_lists(client_of, alice, estate: Estate, queries_of) -> None:
    client = client_of(alice)
    add(client, "customer", estate.of_fabrikam.pk)
    add(client, "customer", estate.direct.pk, value="C-2")
    client.post("/lists/columns/", {"list": "customers", "column": ["external", "external_vat"]})
    with queries_of() as seen:
        html = client.get("/customers/").content.decode()
    assert "ERP C-1001" in html
    assert len([sql for sql in seen if "lists_externalid" in sql]) == 1  # within the page's query
    for text in ("external:C-1001", "ref:erp/c-1001", "externe:C-1001,nothing"):
        found = client.get("/customers/", {"q": text}).content.decode()
        assert ">Adatum</a>" in found
        assert ">Lucerne</a>" not in found
    exported = content(client.get("/customers/?q=external:C-2&export=csv&columns=visible"))
    assert list(csv.reader(io.StringIO(exported[1:])))[1][:2] == ["Lucerne", "ERP C-2"]


HEAD = "object_type,object_id,system,kind,value,valid_from,valid_to\n"


def load(client: Client, text: str):
    table = SimpleUploadedFile("ids.csv", text.encode(), content_type="text/csv")
    return client.post("/external-ids/import/", {"table": table})


def confirm(client: Client, answer):
    """Have done what the page that answered an upload shows."""
    kept = re.search(r'name="kept" value="([^"]+)"', answer.content.decode())
    assert kept, answer.content.decode()
    return client.post("/external-ids/import/", {"kept": kept[1]})


def test_a_table_is_shown_then_taken_whole(client_of, alice, bob, estate: Estate) -> None:
    client = client_of(alice)
    lines = (
        f"customer,{estate.of_fabrikam.pc_id},ERP,customer_number,C-1,,\n"
        f"subscription,{estate.fabrikam_seats.pc_id.upper()},ERP,purchase_order,PO-7,2026-01-01,2026-12-31\n"
    )
    shown = load(client, HEAD + lines)
    assert shown.status_code == 200
    assert "2 new, 0 with another validity, 0 known already" in shown.content.decode()
    assert ExternalId.objects.count() == 0
    # What was uploaded is its uploader's alone.
    kept = re.search(r'name="kept" value="([^"]+)"', shown.content.decode())[1]
    stranger = client_of(bob).post("/external-ids/import/", {"kept": kept})
    assert "no longer here" in stranger.content.decode()
    assert confirm(client, shown).status_code == 302
    assert ExternalId.objects.filter(created_by=alice).count() == 2
    assert ExternalId.objects.get(value="C-1").reseller == estate.fabrikam
    assert Entry.objects.filter(kind="external_id.added", actor_id=alice.pk).count() == 2
    again = load(client, (HEAD + lines).replace("2026-12-31", "2027-06-30"))
    assert "0 new, 1 with another validity, 1 known already" in again.content.decode()
    assert confirm(client, again).status_code == 302
    assert ExternalId.objects.count() == 2
    assert ExternalId.objects.get(value="PO-7").valid_to.isoformat() == "2027-06-30"
    assert Entry.objects.filter(kind="external_id.changed").count() == 1


def test_every_kind_of_object_comes_by_table(client_of, administrator, estate: Estate) -> None:
    client = client_of(administrator)
    lines = (
        "connection,CONTOSO,ERP,company,1\n"
        f"reseller,{estate.fabrikam.pc_id},ERP,customer_number,R-1\n"
        "reseller,1000002,ERP,customer_number,R-2\n"
        f"customer,{estate.shared.pc_id},ERP,customer_number,C-1\n"
        f"subscription,{estate.direct_seats.pc_id},ERP,cost_centre,100\n"
    )
    head = "Object type,Partner Center ID,System,Kind,Value"
    assert confirm(client, load(client, f"{head}\n{lines}")).status_code == 302
    made = {row.value: row for row in ExternalId.objects.all()}
    assert (made["R-1"].object_id, made["R-2"].object_id) == (
        estate.fabrikam.pk,
        estate.northwind.pk,
    )
    assert made["R-2"].reseller == estate.northwind
    assert (made["1"].object_type, made["1"].object_id) == ("connection", estate.connection.pk)
    assert made["C-1"].reseller is None  # the customer buys from two
    product = "product,cfq7ttc0lh18:0001,ERP,item,M365"
    several = load(client, f"{head}\n{product}\n")
    assert "Name one in the column Connection" in several.content.decode()
    one = load(client, f"{head},Connection\n{product},litware\n")
    assert confirm(client, one).status_code == 302
    assert ExternalId.objects.get(value="M365").connection == estate.other


def test_a_table_with_a_mistake_changes_nothing(client_of, bob, estate: Estate) -> None:
    client = client_of(bob)
    answer = load(
        client,
        HEAD
        + f"customer,{estate.of_fabrikam.pc_id},ERP,customer_number,C-1,,\n"
        + f"customer,{estate.of_northwind.pc_id},ERP,customer_number,C-2,,\n"
        + f"customer,{estate.shared.pc_id},ERP,shoe_size,44,,\n"
        + f"customer,{estate.shared.pc_id},ERP,vat,FR1,2026-02-01,2026-01-01\n"
        + f"customer,{estate.shared.pc_id},erp,customer_number,c-1,,\n"
        + f"customer,{estate.shared.pc_id},ERP,item,X,,\n",
    )
    assert answer.status_code == 422
    html = answer.content.decode()
    for told in (
        "No such object in your part of the portal",
        "Write one of",
        "ends before it begins",
        "The same as on line 2",
        "A customer has no",
    ):
        assert told in html, told
    assert 'name="kept"' not in html
    assert ExternalId.objects.count() == 0
    assert Entry.objects.filter(kind="external_id.added").count() == 0


def test_what_came_between_showing_and_doing_stops_the_table(
    client_of, bob, estate: Estate, monkeypatch
) -> None:
    client = client_of(bob)
    shown = load(client, f"{HEAD}customer,{estate.of_fabrikam.pc_id},ERP,customer_number,C-1,,\n")
    add(client, "customer", estate.shared.pk, value="C-1")
    refused = confirm(client, shown)
    assert refused.status_code == 422
    assert "already uses Customer number C-1" in refused.content.decode()
    # Between the last look and the writing nothing is left to the database's refusal either.
    monkeypatch.setattr(queries, "with_values", lambda *_any: [])
    refused = confirm(client, shown)
    assert "Somebody noted one of these values meanwhile" in refused.content.decode()
    assert ExternalId.objects.count() == 1


def test_a_large_table_asks_few_questions(client_of, alice, estate: Estate, queries_of) -> None:
    client = client_of(alice)
    for n in range(60):
        make_customer(estate.connection, f"Many {n}", estate.fabrikam)
    counts = []
    for rows in (3, 60):
        lines = "".join(f"customer,many-{n}-id,ERP,customer_number,M-{n},,\n" for n in range(rows))
        with queries_of() as asked:
            assert load(client, HEAD + lines).status_code == 200
        counts.append(len(asked))
    assert counts[1] <= counts[0]


@pytest.mark.parametrize("text", ["", "nonsense", "\x00\x01"])
def test_what_is_no_table_is_refused(client_of, alice, text: str) -> None:
    answer = load(client_of(alice), text)
    assert answer.status_code == 422
    assert "Nothing was imported" in answer.content.decode()


def test_a_table_over_the_cap_is_refused(client_of, alice, settings) -> None:
    settings.INTAKE_MAX_BYTES = 50
    answer = load(client_of(alice), HEAD)
    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()


def test_the_empty_table_can_be_read_again(client_of, alice) -> None:
    text = client_of(alice).get("/external-ids/table/").content.decode()
    assert text.startswith("\ufeffObject type,Partner Center ID,System,Kind,Value")


def test_the_api_reads_adds_and_removes(api_of, bob, charlie, estate: Estate) -> None:
    client = api_of(bob, read_only=False)
    given = {
        "object_type": "customer",
        "object_id": estate.of_fabrikam.pk,
        "system": "ERP",
        "kind": "customer_number",
        "value": "C-1",
    }
    made = client.post("/api/v1/external-ids/", given, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["object_pc_id"] == estate.of_fabrikam.pc_id
    again = client.post(
        "/api/v1/external-ids/",
        given | {"object_id": estate.shared.pk},
        content_type="application/json",
    )
    assert again.status_code == 409
    shown = client.get(f"/api/v1/customers/{estate.of_fabrikam.pk}/").json()["external_ids"]
    assert [row["value"] for row in shown] == ["C-1"]
    assert client.get("/api/v1/external-ids/?value=c-1").json()["results"][0]["value"] == "C-1"
    stranger = api_of(charlie, read_only=False)
    assert stranger.get("/api/v1/external-ids/").json()["results"] == []
    refused = stranger.post("/api/v1/external-ids/", given, content_type="application/json")
    assert refused.status_code == 404
    row = made.json()["id"]
    assert stranger.delete(f"/api/v1/external-ids/{row}/").status_code == 404
    assert api_of(bob).delete(f"/api/v1/external-ids/{row}/").status_code == 403
    assert client.delete(f"/api/v1/external-ids/{row}/").status_code == 204
    assert ExternalId.objects.count() == 0


def test_the_api_gives_those_of_subscriptions(api_of, bob, estate: Estate) -> None:
    client = api_of(bob)
    rows = client.get("/api/v1/subscriptions/").json()["results"]
    assert rows
    assert all(row["external_ids"] == [] for row in rows)


def test_a_product_is_named_by_the_partner_alone(client_of, alice, bob, estate: Estate) -> None:
    given = {
        "connection": estate.connection.pk,
        "product": "cfq7ttc0lh18:0001",
        "system": "ERP",
        "kind": "item",
        "value": "M365-E3",
    }
    assert client_of(bob).post("/external-ids/product/", given).status_code == 422
    assert client_of(alice).post("/external-ids/product/", given).status_code == 302
    row = ExternalId.objects.get()
    assert (row.object_pc_id, row.object_id, row.reseller) == ("CFQ7TTC0LH18:0001", None, None)
    Subscription.objects.filter(pk=estate.fabrikam_seats.pk).update(
        product_id="CFQ7TTC0LH18", sku_id="0001"
    )
    client = client_of(alice)
    text = content(client.get("/subscriptions/?export=csv&cols=product_item&columns=visible"))
    rows = {line[0]: line[1] for line in csv.reader(io.StringIO(text[1:]))}
    assert rows["E3 of Adatum"] == "M365-E3"
    assert rows["E3 of Lucerne"] == ""
    listed = client.get("/external-ids/").content.decode()
    assert "CFQ7TTC0LH18:0001" in listed
    assert "M365-E3" not in client_of(bob).get("/external-ids/").content.decode()
    wrong = client.post("/external-ids/product/", given | {"product": "a b"})
    assert "This is no product ID" in wrong.content.decode()
    assert client.post(f"/external-ids/{row.pk}/remove/").status_code == 302
