"""Pages and API of users: what each person finds there, and that a form says first what it does."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from customers.models import Customer, CustomerUser, DirectoryRole
from customers.users import queries
from portal.access.models import User
from portal.access.scope import Scope
from portal.outbox.models import Command, CommandSecret
from tests.customers.users.conftest import Upstream, admin_of, deliver, left, one_of
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]


def test_the_tab_lists_active_and_deleted_users(
    known: Customer, helper: User, client_of: ClientOf
) -> None:
    browser, url = client_of(helper), reverse("customer_users", args=[known.pk])
    page = browser.get(url).content.decode()
    assert admin_of(known).user_principal_name in page
    assert "Company Administrator" in page
    assert left(known).user_principal_name in page
    assert "New user" in page
    licences = reverse("customer_licences", args=[known.pk])
    for part in (url, f"{url}?state=inactive", licences):
        tabs = browser.get(part).content.decode()
        here = 'aria-current="page"'
        assert f'<a href="{url}" {here}>Users &amp; licences</a>' in tabs
        assert f'<a href="{part}" {here}>' in tabs
        assert all(f'href="{one}"' in tabs for one in (f"{url}?state=inactive", licences))
    deleted = browser.get(url, {"state": "inactive"}).content.decode()
    assert left(known).user_principal_name in deleted
    assert admin_of(known).user_principal_name not in deleted
    found = browser.get(url, {"q": "admin@"}).content.decode()
    assert left(known).user_principal_name not in found
    answer = browser.get(url, {"export": "csv"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert len(text.strip().splitlines()) == CustomerUser.objects.count() + 1


def test_a_new_user_is_told_before_it_is_asked(
    known: Customer, helper: User, client_of: ClientOf
) -> None:
    browser, url = client_of(helper), reverse("customer_user_create", args=[known.pk])
    form = browser.get(url).content.decode()
    assert f"@{known.domain}" in form
    typed = {
        "display_name": "Inès Roche",
        "user_principal_name": f"ines@{known.domain}",
        "usage_location": "FR",
        "password": "Zx7#canary-first",
        "must_change": "on",
        "submission": "7d9f9f7a-4bd4-4d02-a29a-0a0b30d6f0a1",
    }
    told = browser.post(url, typed).content.decode()
    assert "Create Inès Roche for Adatum?" in told
    assert Command.objects.count() == 0
    refused = browser.post(url, typed | {"user_principal_name": "ines@elsewhere.example"})
    assert refused.status_code == 422
    assert "no known domain" in refused.content.decode()
    for _click in range(2):
        assert browser.post(url, typed | {"confirmed": "1"}).status_code == 302
    command = Command.objects.get()
    assert command.after["usage_location"] == "FR"
    assert CommandSecret.objects.get().command == command
    page = browser.get(reverse("change", args=[command.pk])).content.decode()
    assert "canary" not in page


def test_one_user_has_its_verbs_and_each_says_what_it_does(
    known: Customer, helper: User, bob: User, client_of: ClientOf
) -> None:
    user, browser = one_of(known), client_of(helper)
    page = browser.get(user.get_absolute_url()).content.decode()
    assert user.user_principal_name in page
    verbs = {
        "customer_user_edit": "Usage location",
        "customer_user_delete": "for 30 days",
        "customer_user_password": "stops working at once",
        "customer_user_role_add": "Billing Administrator",
    }
    for name, words in verbs.items():
        url = reverse(name, args=[user.pk])
        assert url in page
        assert words in browser.get(url).content.decode()
        assert client_of(bob).get(url).status_code == 403
    assert (
        reverse("customer_user_delete", args=[user.pk])
        not in client_of(bob).get(user.get_absolute_url()).content.decode()
    )
    refused = browser.get(reverse("customer_user_restore", args=[user.pk]))
    assert (refused.status_code, "not deleted" in refused.content.decode()) == (422, True)


def test_the_verbs_ask_and_lead_back_to_the_user(
    known: Customer, helper: User, client_of: ClientOf, upstream: Upstream
) -> None:
    del upstream
    user, browser = one_of(known), client_of(helper)
    role = DirectoryRole.objects.get(name="Billing Administrator")
    add = browser.post(reverse("customer_user_role_add", args=[user.pk]), {"role": role.pk})
    assert (add.status_code, add.headers["Location"]) == (302, user.get_absolute_url())
    assert deliver(Command.objects.latest("pk")).state == "succeeded"
    back = reverse("customer_user_role_remove", args=[user.pk, role.pk])
    assert "Take Billing Administrator back" in browser.get(back).content.decode()
    assert browser.post(back).status_code == 302
    assert deliver(Command.objects.latest("pk")).state == "succeeded"
    edit = reverse("customer_user_edit", args=[user.pk])
    typed = {
        "display_name": "Another Name",
        "user_principal_name": user.user_principal_name,
        "usage_location": user.usage_location,
        "first_name": user.first_name,
        "last_name": user.last_name,
    }
    told = browser.post(edit, typed).content.decode()
    assert "<ins>Another Name</ins>" in told
    assert browser.post(edit, typed | {"confirmed": "1"}).status_code == 302
    assert Command.objects.latest("pk").after == {"display_name": "Another Name"}
    weak = browser.post(reverse("customer_user_password", args=[user.pk]), {"password": "weak"})
    assert weak.status_code == 422
    assert browser.post(reverse("customer_user_delete", args=[user.pk])).status_code == 302
    assert browser.post(reverse("customer_user_restore", args=[left(known).pk])).status_code == 302


def test_a_new_password_is_offered_on_the_page_to_who_asked(
    known: Customer, helper: User, alice: User, client_of: ClientOf
) -> None:
    user, browser = one_of(known), client_of(helper)
    assert browser.post(reverse("customer_user_password", args=[user.pk])).status_code == 302
    command = deliver(Command.objects.get())
    door = reverse("change_secret", args=[command.pk])
    assert door in browser.get(user.get_absolute_url()).content.decode()
    assert door not in client_of(alice).get(user.get_absolute_url()).content.decode()


def test_an_outsider_finds_nothing_and_two_resellers_see_a_row_once(
    known: Customer, estate: Estate, charlie: User, client_of: ClientOf
) -> None:
    user = one_of(known)
    browser = client_of(charlie)
    for name, pk in (
        ("customer_users", known.pk),
        ("customer_user", user.pk),
        ("customer_user_create", known.pk),
    ):
        assert browser.get(reverse(name, args=[pk])).status_code in {403, 404}
    other = make_person("other", "helpdesk", estate.connection, estate.northwind)
    assert client_of(other).get(user.get_absolute_url()).status_code == 404
    assert not queries.users(Scope.for_user(other)).exists()
    known.reseller_links.create(
        connection=estate.connection,
        customer_pc_id=known.pc_id,
        reseller=estate.northwind,
        reseller_pc_id=estate.northwind.pc_id,
    )
    assert client_of(other).get(user.get_absolute_url()).status_code == 200
    both = make_person("both", "helpdesk", estate.connection, estate.northwind)
    both.memberships.create(role="helpdesk", connection=estate.connection, reseller=estate.fabrikam)
    seen = queries.users(Scope.for_user(both))
    assert seen.count() == CustomerUser.objects.count()
    known.reseller_links.filter(reseller=estate.northwind).update(gone_at="2026-01-01T00:00:00Z")
    assert not queries.users(Scope.for_user(other)).exists()


def test_the_api_lists_and_changes_users(
    known: Customer, helper: User, charlie: User, api_of: Callable[..., Client]
) -> None:
    caller = api_of(helper, read_only=False)
    url = "/api/v1/customer-users/"
    every = caller.get(url, {"customer": known.pk}).json()["results"]
    assert len(every) == CustomerUser.objects.count()
    deleted = caller.get(url, {"state": "deleted"}).json()["results"]
    assert [one["id"] for one in deleted] == [left(known).pk]
    assert api_of(charlie).get(url).json()["results"] == []
    directory = caller.get(f"/api/v1/customers/{known.pk}/directory/").json()
    assert directory["state"] == "known"
    role = next(one["role"] for one in directory["roles"] if one["name"].startswith("Help"))
    user = one_of(known)
    body = {
        "display_name": "Inès Roche",
        "user_principal_name": f"ines@{known.domain}",
        "password": "Zx7#canary-first",
    }
    asked: tuple[tuple[str, dict[str, str]], ...] = (
        (f"customers/{known.pk}/create-user/", body),
        (f"customers/{known.pk}/read-users/", {}),
        (f"customer-users/{user.pk}/update/", {"last_name": "Martin"}),
        (f"customer-users/{user.pk}/add-role/", {"role": role}),
        (f"customer-users/{user.pk}/reset-password/", {}),
        (f"customer-users/{user.pk}/delete/", {}),
        (f"customer-users/{left(known).pk}/restore/", {}),
    )
    for path, sent in asked:
        answer = caller.post(f"/api/v1/{path}", sent, "application/json")
        assert answer.status_code == 202, (path, answer.content)
        assert "canary" not in answer.content.decode()
        outside = api_of(charlie, read_only=False).post(f"/api/v1/{path}", sent, "application/json")
        assert outside.status_code in {403, 404}
    refused = caller.post(
        f"/api/v1/customer-users/{user.pk}/remove-role/", {"role": role}, "application/json"
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "no_role")
