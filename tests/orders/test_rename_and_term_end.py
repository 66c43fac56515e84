"""Another name and the end of the term: what is refused, what is sent, what counts as confirmed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, override_settings

from orders import actions, rules
from orders.models import Subscription
from orders.term_end import TermEnd
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import engine, tasks
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.partnercenter.operations.subscriptions import (
    GET_SUBSCRIPTION,
    RENAME_SUBSCRIPTION,
    SET_AUTO_RENEW,
)
from portal.partnercenter.testing import ANY, StubPartner
from tests.outbox.conftest import wire
from tests.people import Estate, make_person

CANCEL = [{"scheduleType": "TermEnd", "actionType": "Cancel"}]
EXTEND = [{"scheduleType": "TermEnd", "actionType": "RenewToExtendedServiceTerm"}]
RENEW = [{"scheduleType": "TermEnd", "actionType": "RenewToNewTerm"}]


@pytest.fixture
def row(estate: Estate) -> Subscription:
    found = estate.fabrikam_seats
    found.product_type = "OnlineServicesNCE"
    found.save()
    return found


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubPartner]:
    with StubPartner() as made:
        monkeypatch.setattr(engine, "get_client", lambda connection, purpose: made.client)
        yield made


def ids(row: Subscription) -> Any:
    return {"customer_id": row.customer_pc_id, "subscription_id": row.pc_id}


def ask(act: Any, row: Subscription, by: User, value: str) -> Command:
    command: Command = act(Actor.for_user(by), Scope.for_user(by), row, value, Asked())
    return command


def refusal(act: Any, row: Subscription, by: User, value: str) -> str:
    with pytest.raises(RefusedError) as found:
        ask(act, row, by, value)
    assert Command.objects.count() == 0
    return found.value.code


def test_a_new_name_is_sent_with_all_the_rest_and_kept(
    row: Subscription, bob: User, stub: StubPartner
) -> None:
    command = ask(actions.rename, row, bob, "  Head   office ")
    assert command.before == {"friendly_name": "E3 of Adatum"}
    assert command.after == {"friendly_name": "Head office"}
    assert command.summary == "Name: E3 of Adatum → Head office"
    schedule = {"quantity": 7}
    now = wire(row, scheduledNextTermInstructions=schedule)
    stub.expect(GET_SUBSCRIPTION, now, **ids(row))
    sent = now | {"friendlyName": "Head office"}
    stub.expect(RENAME_SUBSCRIPTION, sent, body=sent, **ids(row))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    row.refresh_from_db()
    assert (command.state, row.friendly_name) == ("succeeded", "Head office")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (" ", "name_missing"),
        ("x" * 257, "name_too_long"),
        ("E3 of Adatum", "name_unchanged"),
        ("Head\aoffice", "name_unwritable"),
    ],
)
def test_names_that_make_no_sense(row: Subscription, bob: User, name: str, code: str) -> None:
    assert refusal(actions.rename, row, bob, name) == code


def test_a_name_that_changed_meanwhile_is_a_persons_to_decide(
    row: Subscription, bob: User, stub: StubPartner
) -> None:
    command = ask(actions.rename, row, bob, "Head office")
    stub.expect(GET_SUBSCRIPTION, wire(row, friendlyName="Theirs"), **ids(row))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == "failed"
    assert command.error["difference"] == {"friendly_name": ["E3 of Adatum", "Theirs"]}


def test_helpdesk_may_neither_rename_nor_end(row: Subscription, estate: Estate) -> None:
    helper = make_person("helper", "helpdesk", estate.connection, estate.fabrikam)
    for act, value in ((actions.rename, "New"), (actions.set_term_end, "cancel")):
        with pytest.raises(PermissionDenied):
            ask(act, row, helper, value)


@pytest.mark.parametrize(
    ("choice", "auto_renew", "action"),
    [("cancel", False, CANCEL), ("extended", False, EXTEND)],
)
def test_a_choice_is_sent_as_its_pair_and_confirmed_by_a_read(
    row: Subscription,
    bob: User,
    stub: StubPartner,
    choice: str,
    auto_renew: bool,
    action: list[dict[str, str]],
) -> None:
    command = ask(actions.set_term_end, row, bob, choice)
    now = wire(row)
    after = now | {"autoRenewEnabled": auto_renew, "scheduledActions": action}
    stub.expect(GET_SUBSCRIPTION, now, **ids(row))
    stub.expect(SET_AUTO_RENEW, {}, body=after, **ids(row))
    stub.expect(GET_SUBSCRIPTION, after, **ids(row))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    row.refresh_from_db()
    assert command.state == "succeeded"
    assert command.result == {"term_end": choice}
    assert row.auto_renew is auto_renew
    assert rules.state_of(row).term_end == choice


def test_an_answer_is_not_believed_until_a_read_shows_the_choice(
    row: Subscription, bob: User, stub: StubPartner
) -> None:
    command = ask(actions.set_term_end, row, bob, "cancel")
    now = wire(row)
    stub.expect(GET_SUBSCRIPTION, now, **ids(row))
    stub.expect(SET_AUTO_RENEW, now | {"scheduledActions": CANCEL}, body=ANY, **ids(row))
    stub.expect(GET_SUBSCRIPTION, now, **ids(row))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == "sending"
    assert command.steps.get().state == "accepted"


def test_renewing_again_drops_the_older_instructions(
    row: Subscription, bob: User, stub: StubPartner
) -> None:
    row.auto_renew = False
    row.scheduled_change = CANCEL[0] | {"source": "scheduledActions", "count": 1}
    row.save()
    command = ask(actions.set_term_end, row, bob, "renew")
    now = wire(row, autoRenewEnabled=False, scheduledActions=CANCEL)
    stub.expect(GET_SUBSCRIPTION, now, **ids(row))
    after = now | {"autoRenewEnabled": True, "scheduledActions": RENEW}
    stub.expect(SET_AUTO_RENEW, after, body=after, **ids(row))
    stub.expect(GET_SUBSCRIPTION, after, **ids(row))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == "succeeded"


def test_what_has_no_such_end(row: Subscription, bob: User) -> None:
    assert refusal(actions.set_term_end, row, bob, "renew") == "choice_unchanged"
    assert refusal(actions.set_term_end, row, bob, "nonsense") == "choice_unknown"
    row.status = "suspended"
    assert refusal(actions.set_term_end, row, bob, "cancel") == "suspended"
    row.status, row.product_type = "active", ""
    assert refusal(actions.set_term_end, row, bob, "cancel") == "not_new_commerce"


def test_a_scheduled_change_is_not_lost_unseen(row: Subscription, bob: User) -> None:
    row.scheduled_change = {"quantity": 3, "source": "scheduledNextTermInstructions"}
    assert refusal(actions.set_term_end, row, bob, "cancel") == "scheduled_change"
    row.is_trial = True
    assert refusal(actions.set_term_end, row, bob, "extended") == "trial"
    row.save()
    assert ask(actions.set_term_end, row, bob, "cancel").state == "queued"


def test_the_extended_term_can_be_left_out(row: Subscription, bob: User) -> None:
    with override_settings(EXTENDED_SERVICE_TERM=False):
        assert refusal(actions.set_term_end, row, bob, TermEnd.EXTENDED) == "choice_unknown"


def test_the_page_tells_what_happens_and_asks(row: Subscription, bob: User, client_of: Any) -> None:
    browser: Client = client_of(bob)
    url = f"/subscriptions/{row.pk}/end-of-term/"
    assert "Cancel at the end of the term" in browser.get(url).content.decode()
    told = browser.get(url, {"choice": "extended"}).content.decode()
    assert "As far as known, each month costs 3 % more" in told
    assert Command.objects.count() == 0
    assert browser.post(url, {"choice": "extended"}).status_code == 302
    assert Command.objects.get().after == {"term_end": "extended"}
    url = f"/subscriptions/{row.pk}/rename/"
    told = browser.get(url, {"name": "<b>new</b>"}).content.decode()
    assert "Rename E3 of Adatum to &lt;b&gt;new&lt;/b&gt;?" in told
    refused = browser.post(url, {"name": "E3 of Adatum"})
    assert refused.status_code == 422
    assert browser.post(url, {"name": "Head office"}).status_code == 302


def test_over_the_api(row: Subscription, bob: User, api_of: Any) -> None:
    api: Client = api_of(bob, read_only=False)
    url = f"/api/v1/subscriptions/{row.pk}"
    answer = api.post(f"{url}/rename/", {"name": "New"}, content_type="application/json")
    assert (answer.status_code, answer.json()["after"]) == (202, {"friendly_name": "New"})
    wrong = api.post(
        f"{url}/set-end-of-term/", {"choice": "never"}, content_type="application/json"
    )
    assert wrong.status_code == 400
    answer = api.post(
        f"{url}/set-end-of-term/", {"choice": "cancel"}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
