"""Tags and notes: whose they are, who sees them, how customers are found by them."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from customers.models import Note, Tag
from portal.access.models import User
from portal.activity.models import Entry
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]


def test_tags_of_a_reseller_are_hidden_from_the_other_and_the_partners_from_both(
    estate: Estate, alice: User, bob: User, charlie: User, client_of: ClientOf
) -> None:
    pk = estate.shared.pk
    url = reverse("customer_tag_add", args=[pk])
    for person, name in ((alice, "strategic"), (bob, "vip"), (bob, "VIP"), (charlie, "vip")):
        assert client_of(person).post(url, {"name": name}).status_code == 302
    assert Tag.objects.count() == 3
    page = reverse("customer_notes", args=[pk])

    def seen(person: User) -> set[str]:
        text = client_of(person).get(page).content.decode()
        return {name for name in ("strategic", "vip") if f">{name}</a>" in text}

    assert seen(alice) == {"strategic", "vip"}
    assert seen(bob) == seen(charlie) == {"vip"}
    theirs = Tag.objects.get(reseller=estate.northwind)
    removing = reverse("customer_tag_remove", args=[pk, theirs.pk])
    assert client_of(bob).post(removing).status_code == 404
    assert client_of(charlie).post(removing).status_code == 302
    kinds = Entry.objects.filter(kind__startswith="customer.").values_list("kind", "reseller_id")
    assert ("customer.tagged", None) in kinds
    assert ("customer.untagged", estate.northwind.pk) in kinds


def test_customers_are_found_by_tag_and_exported_with_them(
    estate: Estate, alice: User, bob: User, client_of: ClientOf
) -> None:
    for person, row in ((alice, estate.direct), (bob, estate.of_fabrikam)):
        client_of(person).post(reverse("customer_tag_add", args=[row.pk]), {"name": "Key account"})
    browser = client_of(alice)
    found = browser.get(reverse("customers"), {"q": 'tag:"key account"'}).content.decode()
    assert "Lucerne" in found
    assert "Adatum" in found
    assert "Wingtip" not in found
    for columns in ({"columns": "all", "q": 'tag:"key account"'}, {"cols": "name,tags"}):
        sheet = browser.get(reverse("customers"), {"export": "csv", **columns})
        assert "Key account" in b"".join(sheet).decode()


def test_a_note_keeps_author_and_time_and_only_its_author_deletes_it(
    estate: Estate, alice: User, bob: User, client_of: ClientOf
) -> None:
    pk = estate.of_fabrikam.pk
    url = reverse("customer_note_add", args=[pk])
    assert client_of(bob).post(url, {"text": "Calls on Mondays <b>"}).status_code == 302
    client_of(bob).post(url, {"text": "  "})
    note = Note.objects.get()
    assert (note.author, note.reseller) == (bob, estate.fabrikam)
    page = client_of(alice).get(reverse("customer_notes", args=[pk])).content.decode()
    assert "Calls on Mondays &lt;b&gt;" in page
    assert "Bob" in page
    removing = reverse("customer_note_remove", args=[pk, note.pk])
    assert client_of(alice).post(removing).status_code == 403
    assert client_of(bob).post(removing).status_code == 302
    assert Note.objects.count() == 0
    assert "Mondays" not in str(list(Entry.objects.values_list("parameters", "before", "after")))


def test_an_auditor_reads_and_does_not_write(
    estate: Estate, auditor: User, client_of: ClientOf
) -> None:
    browser, pk = client_of(auditor), estate.shared.pk
    assert "New note" not in browser.get(reverse("customer_notes", args=[pk])).content.decode()
    assert browser.post(reverse("customer_note_add", args=[pk]), {"text": "x"}).status_code == 403


def test_the_api_tags_and_notes(estate: Estate, api_of: Callable[..., Client]) -> None:
    person = make_person("helper", "helpdesk", estate.connection, estate.fabrikam)
    caller, base = api_of(person, read_only=False), f"/api/v1/customers/{estate.of_fabrikam.pk}"
    assert caller.post(f"{base}/add-tag/", {"name": "vip"}, "application/json").status_code == 200
    assert caller.post(f"{base}/add-tag/", {"name": "a,b"}, "application/json").status_code == 409
    made = caller.post(f"{base}/add-note/", {"text": "Hello"}, "application/json")
    assert (made.status_code, made.json()["author"]) == (201, "helper@example.com")
    found = caller.get(f"{base}/notes/").json()
    assert (found["tags"], found["notes"][0]["text"]) == (["vip"], "Hello")
    assert caller.get(f"{base}/").json()["tags"] == ["vip"]
    for word, names in (("VIP", [estate.of_fabrikam.name]), ("none", [])):
        listed = caller.get("/api/v1/customers/", {"tag": word}).json()["results"]
        assert [row["name"] for row in listed] == names
    left = caller.post(f"{base}/remove-tag/", {"name": "VIP"}, "application/json").json()
    assert left["tags"] == []
    removing = {"id": found["notes"][0]["id"]}
    other = make_person("boss", "distributor-admin", estate.connection)
    theirs = api_of(other, read_only=False)
    refused = theirs.post(f"{base}/remove-note/", removing, "application/json")
    assert refused.status_code == 403
    assert caller.post(f"{base}/remove-note/", removing, "application/json").json()["notes"] == []
