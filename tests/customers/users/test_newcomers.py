"""A new user with its licences: told first, one chain, each change behind the one that it needs."""

import datetime as dt
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, CustomerUser, SubscribedSku, UserLicences
from orders.models import Subscription
from portal.access.models import User
from portal.activity.models import Entry
from portal.outbox.models import Command
from portal.ui import formats
from tests.customers.licences.conftest import BASIC, SWAY, TEAMS, wire_sku
from tests.customers.users.conftest import Read, Upstream, admin_of, deliver, one_of
from tests.factories import store
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]


def typed(customer: Customer, **more: Any) -> dict[str, Any]:
    return {
        "display_name": "Inès Roche",
        "user_principal_name": f"ines@{customer.domain}",
        "usage_location": "FR",
        "must_change": "on",
        **more,
    }


def ticked(*rows: SubscribedSku, off: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """The products as a browser sends them: with the plans that stay on."""
    plans = {
        f"plans_{row.pk}": [p["id"] for p in row.service_plans if p["id"] not in off]
        for row in rows
    }
    return {"licences": [row.pc_id for row in rows], **plans}


def test_a_new_user_gets_its_licences_once_it_is_there(
    known: Customer, read: Read, helper: User, client_of: ClientOf, upstream: Upstream
) -> None:
    read(known, "subscribed_skus")
    first, second = SubscribedSku.objects.filter(
        customer=known, units_available__gt=0, licence_group="group1"
    ).order_by("-units_available")[:2]
    browser, url = client_of(helper), reverse("customer_user_create", args=[known.pk])
    form = browser.get(url).content.decode()
    plan = first.service_plans[0]
    for shown in (str(first), plan["name"], f"idle {first.units_available}"):
        assert shown in form
    sent = typed(known) | ticked(first, second, off=(plan["id"],))
    homeless = browser.post(url, sent | {"usage_location": "", "confirmed": "1"})
    assert homeless.status_code == 422
    assert "has no usage location" in homeless.content.decode()
    empty = browser.post(url, sent | {f"plans_{first.pk}": []})
    assert "Leave at least one service plan on" in empty.content.decode()
    told = browser.post(url, sent).content.decode()
    assert f"<ins>{first} without {plan['name']}</ins>" in told
    assert "holds no licence at first" not in told
    assert Command.objects.count() == 0
    key = {"confirmed": "1", "submission": "7d9f9f7a-4bd4-4d02-a29a-0a0b30d6f0a1"}
    for _click in range(2):
        assert browser.post(url, sent | key).status_code == 302
    created, *licences = Command.objects.order_by("pk")
    assert [one.verb for one in licences] == ["licence.assign"] * 2
    assert {one.follows for one in licences} == {created}
    assert {(one.target_type, one.target_id) for one in licences} == {
        ("new_customer_user", created.pk)
    }
    page = browser.get(reverse("change", args=[licences[0].pk]))
    assert page.status_code == 200
    deliver(licences[0])
    assert upstream.calls("UPDATE_LICENSES_OF_USER") == 0
    assert deliver(created).state == "succeeded"
    user = CustomerUser.objects.get(display_name="Inès Roche")
    for one in licences:
        assert deliver(one).state == "succeeded"
        assert (one.target_type, one.target_id) == ("customer_user", user.pk)
        assert one.target_pc_id == user.pc_id
    held = UserLicences.objects.get(user=user).licences
    assert set(held) == {first.pc_id, second.pc_id}
    assert held[first.pc_id]["off"] == [plan["id"]]


def test_products_that_were_never_read_are_read_while_the_form_is_filled_in(
    known: Customer, read: Read, helper: User, client_of: ClientOf
) -> None:
    browser, url = client_of(helper), reverse("customer_user_create", args=[known.pk])
    products = reverse("customer_user_create_products", args=[known.pk])
    asking = reverse("customer_user_create_read_products", args=[known.pk])
    form = browser.get(url).content.decode()
    assert f'hx-post="{asking}" hx-params="none" hx-trigger="load"' in form
    for shown in (browser.post(asking), browser.get(products)):
        assert "The products of this customer are being read." in shown.content.decode()
        assert f'hx-get="{products}" hx-trigger="every 2s"' in shown.content.decode()
    read(known, "subscribed_skus")
    here = browser.get(products).content.decode()
    assert str(SubscribedSku.objects.filter(customer=known).first()) in here
    assert "hx-" not in here
    SubscribedSku.objects.all().delete()
    assert "The customer has no product with seats." in browser.get(products).content.decode()


@pytest.fixture
def full(known: Customer, estate: Estate) -> SubscribedSku:
    """A product of which no seat is left, given by a subscription of ours."""
    seats = estate.fabrikam_seats
    seats.product_type, seats.product_id, seats.sku_id = "OnlineServicesNCE", "CFQ7TTC0LH18", "0001"
    seats.save()
    store("subscribed_skus", known.connection, wire_sku(used=10), parent=known.pc_id)
    return SubscribedSku.objects.get(customer=known, pc_id=BASIC)


def test_a_missing_seat_comes_first_and_stands_where_the_user_cannot_be_made(
    known: Customer,
    full: SubscribedSku,
    alice: User,
    helper: User,
    client_of: ClientOf,
    api_of: Callable[..., Client],
) -> None:
    url = reverse("customer_user_create", args=[known.pk])
    sent = typed(known) | ticked(full)
    refused = client_of(helper).post(url, sent | {"confirmed": "1"})
    assert refused.status_code == 422
    assert "No seat of Product 3b55 is left" in refused.content.decode()
    told = client_of(alice).post(url, sent).content.decode()
    assert "1 seat is added to" in told
    assert "10 → 11 seats in all" in told
    assert "the seat stays bought" in told
    for wrong in ({"password": "onlylowercase1"}, {"usage_location": ""}):
        assert client_of(alice).post(url, sent | wrong | {"confirmed": "1"}).status_code == 422
    assert Command.objects.count() == 0
    key = {"confirmed": "1", "submission": "7d9f9f7a-4bd4-4d02-a29a-0a0b30d6f0a1"}
    browser = client_of(alice)
    answer, _again = (browser.post(url, sent | key, follow=True) for _click in range(2))
    seats, created, licence = Command.objects.order_by("pk")
    assert f"Change {seats.pk} goes first." in answer.content.decode()
    assert (seats.verb, seats.after) == ("subscription.change_quantity", {"quantity": 11})
    assert (seats.follows, created.follows, licence.follows) == (None, seats, created)
    assert licence.parameters["seats"] == seats.pk
    until = full.connection.now() + dt.timedelta(days=6)
    lots = [{"quantity": 1, "allowed_until": until.isoformat()}]
    Subscription.objects.filter(pk=seats.target_id).update(refundable_lots=lots, quantity=11)
    Command.objects.filter(pk=seats.pk).update(state="succeeded", settled_at=timezone.now())
    Command.objects.filter(pk=created.pk).update(
        state="failed", settled_at=timezone.now(), error={"kind": "refused", "code": "600016"}
    )
    page = browser.get(reverse("change", args=[created.pk])).content.decode()
    assert "1 seat was added to" in page
    assert f"Seats can be taken back until {formats.when(until)}." in page
    assert browser.post(reverse("change_give_up", args=[created.pk])).status_code == 302
    licence.refresh_from_db()
    assert licence.state == "cancelled"
    read = api_of(alice).get(f"/api/v1/changes/{licence.pk}/").json()
    assert [told[:20] for told in read["stands"]] == ["1 seat was added to "]


def test_the_api_takes_licences_with_a_new_user(
    known: Customer, full: SubscribedSku, alice: User, helper: User, api_of: Callable[..., Client]
) -> None:
    address = f"/api/v1/customers/{known.pk}/create-user/"
    body = typed(known, must_change=True, licences=[{"sku": full.pc_id, "off": [SWAY]}])

    def post(who: User, **more: Any) -> Any:
        caller = api_of(who, read_only=False)
        return caller.post(address, body | more, "application/json")

    refused = post(helper)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_seats_left")
    unknown = post(helper, licences=[{"sku": TEAMS}])
    assert (unknown.status_code, unknown.json()["code"]) == (409, "unknown_product")
    assert Command.objects.count() == 0
    store("subscribed_skus", known.connection, wire_sku(used=9), parent=known.pc_id)
    assert post(helper).status_code == 202
    created, licence = Command.objects.order_by("pk")
    assert licence.follows == created
    assert licence.after["licence"]["off"] == [SWAY]
    other = post(helper, user_principal_name=f"rose@{known.domain}")
    assert other.json()["code"] == "no_seats_left"  # the one that was left is promised


def test_what_is_known_to_be_refused_is_said_in_the_form_in_both_languages(
    known: Customer, full: SubscribedSku, helper: User, client_of: ClientOf, upstream: Upstream
) -> None:
    create = reverse("customer_user_create", args=[known.pk])
    user = one_of(known)
    forms: tuple[tuple[str, dict[str, Any], str, str], ...] = (
        (
            create,
            typed(known, user_principal_name="ines roche@x"),
            "Write it like an e-mail address",
            "Saisissez-le comme une adresse e-mail",
        ),
        (
            create,
            typed(known, password="onlylowercase1"),
            "Use three of these",
            "Utilisez trois de ces genres",
        ),
        (
            create,
            typed(known) | ticked(full),
            "No seat of Product 3b55 is left",
            "Il ne reste aucune licence Product 3b55",
        ),
        (
            reverse("customer_user_delete", args=[admin_of(known).pk]),
            {},
            "This is the last global administrator",
            "C'est le dernier administrateur général",
        ),
        (
            reverse("customer_user_password", args=[user.pk]),
            {"password": "weak"},
            "A password has 8 to 256 signs",
            "Un mot de passe a de 8 à 256 caractères",
        ),
        (
            reverse("customer_user_assign", args=[user.pk, full.pc_id]),
            {"plans": [SWAY]},
            "No seat of Product 3b55 is left",
            "Il ne reste aucune licence Product 3b55",
        ),
    )
    for language in ("en", "fr"):
        User.objects.filter(pk=helper.pk).update(language=language)
        helper.refresh_from_db()
        browser = client_of(helper)
        for url, sent, *words in forms:
            answer = browser.post(url, sent | {"confirmed": "1"})
            shown = unescape(answer.content.decode())
            assert (answer.status_code, words[language == "fr"] in shown) == (422, True), url
    assert Command.objects.count() == 0
    writes = ("CREATE_USER", "DELETE_USER", "RESET_PASSWORD", "UPDATE_LICENSES_OF_USER")
    assert [upstream.calls(name) for name in writes] == [0, 0, 0, 0]


def test_a_resellers_helpdesk_does_all_of_it_alone_for_its_own_customers(
    known: Customer, estate: Estate, read: Read, helper: User, client_of: ClientOf
) -> None:
    read(known, "subscribed_skus")
    sku = SubscribedSku.objects.filter(customer=known, units_available__gt=0).latest("pk")
    other = make_person("other", "helpdesk", estate.connection, estate.northwind)
    inside, outside = client_of(helper), client_of(other)

    def post(name: str, *args: Any, **sent: Any) -> None:
        url = reverse(name, args=args)
        asked = {"confirmed": "1", **sent}
        assert outside.post(url, asked).status_code == 404
        before = Command.objects.count()
        assert inside.post(url, asked).status_code == 302, url
        for command in Command.objects.order_by("pk")[before:]:
            assert deliver(command).state == "succeeded"

    post("customer_user_create", known.pk, **typed(known), **ticked(sku))
    user = CustomerUser.objects.get(display_name="Inès Roche").pk
    post("customer_user_password", user)
    post("customer_user_unassign", user, sku.pc_id)
    post("customer_user_delete", user)
    post("customer_user_restore", user)
    verbs = list(Command.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "customer_user.create",
        "licence.assign",
        "customer_user.reset_password",
        "licence.remove",
        "customer_user.delete",
        "customer_user.restore",
    ]
    kept = set(Entry.objects.values_list("kind", "actor_id"))
    assert {(f"{verb}.confirmed", helper.pk) for verb in verbs} <= kept
