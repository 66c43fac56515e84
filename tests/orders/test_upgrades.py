"""Upgrades: what Partner Center offers is asked, one of it is sent once and followed to its end."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from orders import actions
from orders.catalogue.models import Availability
from portal.access.models import User
from portal.mirror import questions
from portal.mirror.models import DirtyMark, Question
from portal.partnercenter.operations.subscriptions import (
    CONVERT_TRIAL,
    GET_PROVISIONING_STATUS,
    GET_REGISTRATION_STATUS,
    GET_SUPPORT_CONTACT,
    LIST_ADDONS_OF_SUBSCRIPTION,
    LIST_CONVERSIONS,
    LIST_SUBSCRIPTIONS_OF_ORDER,
    LIST_SUBSCRIPTIONS_OF_PARTNER,
    LIST_UPGRADES,
    REGISTER_SUBSCRIPTION,
    UPGRADE_SUBSCRIPTION,
)
from portal.partnercenter.operations.upgrades import (
    LIST_TRANSITION_ELIGIBILITIES,
    LIST_TRANSITIONS,
    START_TRANSITION,
)
from tests.customers.users.conftest import customer  # noqa: F401 - fixture
from tests.orders.test_scheduling import (  # noqa: F401 - fixtures
    ClientOf,
    Sold,
    delivered,
    last,
    sold,
    upstream,
)
from tests.outbox.conftest import lose_worker, make_due

HTMX = {"HX-Request": "true"}


@pytest.fixture
def answers(sold: Sold, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: F811
    """Let a worker answer what is asked."""
    monkeypatch.setattr(questions, "get_client", lambda _connection, _purpose: sold.there.client)

    def answer() -> set[str]:
        waiting = list(Question.objects.filter(answered_at=None))
        for one in waiting:
            questions.answer(one.pk)
        return {one.operation for one in waiting}

    return answer


def targets(browser: Client, sold: Sold, answers: Any) -> tuple[str, set[str]]:  # noqa: F811
    url = reverse("subscription_upgrade_targets", args=[sold.row.pk])
    assert url in browser.get(reverse("subscription_upgrade", args=[sold.row.pk])).content.decode()
    asked = browser.post(url, headers=HTMX).content.decode()
    assert "Partner Center is being asked." in asked
    names = answers()
    return browser.post(url, headers=HTMX).content.decode(), names


def confirm(browser: Client, sold: Sold, name: str, **values: object) -> str:  # noqa: F811
    url = reverse(f"subscription_{name}", args=[sold.row.pk])
    told = browser.post(url, values)
    assert told.status_code == 200, told.content.decode()
    assert browser.post(url, {**values, "confirmed": "1"}).status_code == 302
    return told.content.decode()


def test_some_seats_move_and_are_followed_to_their_end(
    sold: Sold,  # noqa: F811
    bob: User,
    client_of: ClientOf,
    answers: Any,
) -> None:
    path = f"/v1/customers/{sold.customer.pc_id}/subscriptions/{sold.item.id}"
    schedule = {"scheduledNextTermInstructions": {"quantity": 30}}
    assert sold.there.api.patch(path, sold.wire() | schedule).status == 200
    sold.read()
    browser = client_of(bob)
    text, asked = targets(browser, sold, answers)
    assert asked == {LIST_TRANSITION_ELIGIBILITIES.name, LIST_TRANSITIONS.name}
    assert "Microsoft 365 Business Premium" in text
    assert "With the next term" in text
    product = questions_answer(LIST_TRANSITION_ELIGIBILITIES.name)["items"][0]["catalogItemId"]
    wish = {"product": product, "seats": 10, "way": "transition_only"}
    barred = browser.post(reverse("subscription_upgrade", args=[sold.row.pk]), wish)
    assert "A change in mid-term would delete it." in barred.content.decode()
    told = confirm(browser, sold, "upgrade", **wish, keeps="1")
    assert "Upgrade 10 seats of" in told
    assert "The seats become a subscription of their own" in told
    command = last(actions.UPGRADE)
    sold.there.fault(START_TRANSITION.name, "lost_reply")
    assert delivered(command).state == "in_doubt"
    for _look in range(3):
        lose_worker(command)
        make_due(command)
        delivered(command)
    assert command.state == "succeeded", command.error
    assert sold.there.calls(START_TRANSITION.name) == 1
    now = sold.wire()
    assert (now["quantity"], now["scheduledNextTermInstructions"]["quantity"]) == (40, 30)
    assert command.steps.get(name=START_TRANSITION.name).answer["operation_id"]
    assert DirtyMark.objects.filter(family="subscriptions", key="").exists(), "the list is read"
    sold.row.refresh_from_db()
    assert sold.row.quantity == 40


def questions_answer(operation: str) -> Any:
    return Question.objects.filter(operation=operation).latest("pk").answer


def test_a_trial_is_bought_and_a_legacy_offer_upgraded(
    sold: Sold,  # noqa: F811
    bob: User,
    client_of: ClientOf,
    answers: Any,
    api_of: Any,
) -> None:
    browser = client_of(bob)
    sold.use(0, of=8)
    text, asked = targets(browser, sold, answers)
    assert asked == {LIST_CONVERSIONS.name}
    rows = questions_answer(LIST_CONVERSIONS.name)["items"]
    wanted = next(row for row in rows if row["billingCycle"] == "annual")
    assert wanted["targetOfferId"] in text, "two are told apart though the catalogue was not read"
    Availability.objects.create(
        connection=sold.row.connection,
        pc_id="1",
        catalog_item_id=wanted["targetOfferId"],
        terms=[{"duration": "P1Y", "billing_cycle": "annual"}],
    )
    url = reverse("subscription_upgrade_targets", args=[sold.row.pk])
    assert "1 year, billed yearly" in browser.post(url, headers=HTMX).content.decode()
    wish = {"product": wanted["targetOfferId"], "cycle": "annual", "order": wanted["orderId"]}
    told = confirm(browser, sold, "upgrade", seats=25, **wish)
    assert "in place of the trial?" in told
    command = delivered(last(actions.CONVERT_TRIAL))
    assert command.state == "succeeded", command.error
    assert sold.there.calls(CONVERT_TRIAL.name) == 1
    sold.row.refresh_from_db()
    assert (sold.row.is_trial, sold.row.term_duration) == (False, "P1Y")

    row = sold.use(0, of=6)
    _text, asked = targets(browser, sold, answers)
    assert asked == {LIST_UPGRADES.name}
    api = api_of(bob, read_only=False)
    url = f"/api/v1/subscriptions/{row.pk}/upgrade"
    found = api.post(f"{url}-targets/", {}, content_type="application/json").json()["targets"]
    wish = {"product": found[0]["product"]}
    refused = api.post(f"{url}/", wish | {"quantity": 10**6}, content_type="application/json")
    assert list(refused.json()["fields"]) == ["quantity"], "as it is sent, not as the form has it"
    answer = api.post(f"{url}/", wish, content_type="application/json")
    assert answer.status_code == 202
    command = delivered(last(actions.UPGRADE_OFFER))
    assert command.state == "succeeded", command.error
    assert sold.there.calls(UPGRADE_SUBSCRIPTION.name) == 1
    assert sold.wire()["status"] == "deleted"


def test_what_else_partner_center_tells(
    sold: Sold,  # noqa: F811
    bob: User,
    client_of: ClientOf,
    answers: Any,
    api_of: Any,
) -> None:
    browser = client_of(bob)
    url = reverse("subscription_ask", args=[sold.row.pk])

    def asked(question: str) -> str:
        assert browser.post(url, {"question": question}, headers=HTMX).status_code == 200
        answers()
        return browser.post(url, {"question": question}, headers=HTMX).content.decode()

    page = browser.get(sold.row.get_absolute_url()).content.decode()
    assert "Support contact" in page
    assert "Supported by" in asked("support")
    assert "Provisioning" in asked("provisioning")
    together = asked("partner") + asked("order")
    # What the mirror does not know may be another reseller's: a reseller is not told of it.
    assert "None." in together
    assert browser.post(url, {"question": "registration"}).status_code == 404
    api = api_of(bob, read_only=False)
    sold.use(0, of=6)
    told = api.post(
        f"/api/v1/subscriptions/{sold.row.pk}/ask/",
        {"question": "add-ons"},
        content_type="application/json",
    )
    assert told.json() == {"waits": True, "answer": None, "subscriptions": []}
    answers()

    sold.use(2, of=6)  # an Azure plan
    assert "Not registered for reservations." in asked("registration")
    confirm(browser, sold, "register")
    command = delivered(last(actions.REGISTER))
    assert command.state == "succeeded", command.error
    assert sold.there.calls(REGISTER_SUBSCRIPTION.name) == 1
    # What was said before the change is asked anew.
    assert "Registered: reservations can be bought for it." in asked("registration")
    row = sold.use(1, of=5)
    sold.item.item = replace(sold.item.item, product_type="SaaS")
    sold.item.status, sold.item.auto_renew, sold.item.is_trial = "active", True, False
    row = sold.read()
    page = browser.get(row.get_absolute_url()).content.decode()
    assert reverse("subscription_auto_renew", args=[row.pk]) in page
    told = confirm(browser, sold, "auto_renew", renews="0")
    assert "Billing goes on until then." in told
    command = delivered(last(actions.AUTO_RENEW))
    assert (command.state, command.result) == ("succeeded", {"auto_renew": False})
    assert sold.wire()["autoRenewEnabled"] is False
    told_of = {one.operation for one in Question.objects.all()}
    assert told_of == {
        GET_SUPPORT_CONTACT.name,
        GET_PROVISIONING_STATUS.name,
        LIST_SUBSCRIPTIONS_OF_PARTNER.name,
        LIST_SUBSCRIPTIONS_OF_ORDER.name,
        LIST_ADDONS_OF_SUBSCRIPTION.name,
        GET_REGISTRATION_STATUS.name,
    }
