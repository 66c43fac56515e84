"""Settings, Webhooks: registering goes out as a Command, a test event comes back, events are listed."""

import pytest
from celery import Celery
from django.test import Client
from django.urls import reverse

from portal.access.models import User
from portal.activity.models import Entry
from portal.administration import webhooks
from portal.connections.models import Connection
from portal.emulator.serve import Running
from portal.mirror import questions
from portal.mirror.models import EventState, Question, WebhookEvent, WebhookRegistration
from portal.mirror.webhooks import registration
from portal.outbox import engine
from portal.outbox.models import Command
from portal.outbox.states import State
from tests.people import Estate, let_in, make_person


@pytest.fixture(autouse=True)
def nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is queued stays undone: the tests do the workers' part themselves."""
    monkeypatch.setattr(Celery, "send_task", lambda *_arguments, **_options: None)


@pytest.fixture
def admin(db: None, client: Client) -> User:
    person = make_person("ada", "administrator")
    let_in(client, person)
    return person


def register(client: Client, connection: Connection, **fields: object) -> int:
    data = {
        "url": f"http://localhost:1/webhooks/partner-center/{connection.name}/",
        "events": ["subscription-updated", "test-created"],
        "submission": "one",
    }
    url = reverse("webhook_register", args=[connection.name])
    return client.post(url, data | fields).status_code


def page(client: Client, connection: Connection) -> str:
    answer = client.get(reverse("webhook", args=[connection.name]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_suggests_the_receivers_own_address(
    admin: User, client: Client, emulated: Connection
):
    shown = page(client, emulated)
    assert f"http://testserver/webhooks/partner-center/{emulated.name}/" in shown
    assert "Not read yet." in shown
    assert "No event yet" in shown
    listed = client.get(reverse("webhooks")).content.decode()
    assert emulated.name in listed


@pytest.mark.django_db(transaction=True)
def test_registering_is_a_change_that_is_sent_and_read_back(
    client: Client, emulated: Connection, emulator: Running
):
    let_in(client, make_person("ada", "administrator"))
    assert register(client, emulated) == 302
    command = Command.objects.get()
    assert command.verb == "webhook.register"
    engine.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SUCCEEDED, command.error
    assert emulator.app
    kept = emulator.app.store.hooks.registered()
    assert kept.url.endswith(f"/webhooks/partner-center/{emulated.name}/")
    assert kept.events == ["subscription-updated", "test-created"]
    assert WebhookRegistration.objects.get().events == kept.events
    kinds = list(Entry.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[-2:] == ["webhook.register.requested", "webhook.register.confirmed"]
    # Once more with other events: replaced, not created a second time.
    assert register(client, emulated, events=["test-created"], submission="two") == 302
    engine.deliver(Command.objects.latest("pk").pk)
    again = emulator.app.store.hooks.registered()
    assert (again.subscriber_id, again.events) == (kept.subscriber_id, ["test-created"])
    called = emulator.app.log.dump(limit=0)["by_operation"]
    assert called["CREATE_WEBHOOK_REGISTRATION"] == called["UPDATE_WEBHOOK_REGISTRATION"] == 1
    assert called["GET_WEBHOOK_REGISTRATION"] > 1, "read before and after"


@pytest.mark.django_db(transaction=True)
def test_what_somebody_else_registered_meanwhile_is_not_overwritten(
    client: Client, emulated: Connection, emulator: Running
):
    let_in(client, make_person("ada", "administrator"))
    registration.keep(
        emulated,
        registration.columns({"WebhookUrl": "http://localhost:1/seen", "WebhookEvents": []})
        | {"observed_at": emulated.created_at},
    )
    assert emulator.app
    emulator.app.store.hooks.register(
        {"WebhookUrl": "http://localhost:1/theirs", "WebhookEvents": []}, "s", emulator.url
    )
    register(client, emulated)
    engine.deliver(Command.objects.get().pk)
    command = Command.objects.get()
    assert command.state == State.FAILED
    assert command.error["difference"]["url"] == [
        "http://localhost:1/seen",
        "http://localhost:1/theirs",
    ]
    assert emulator.app.store.hooks.registered().url == "http://localhost:1/theirs"


@pytest.mark.django_db(transaction=True)
def test_a_read_only_connection_registers_nothing(
    client: Client, emulated: Connection, emulator: Running
):
    let_in(client, make_person("ada", "administrator"))
    Connection.objects.update(mode="read_only")
    register(client, emulated)
    engine.deliver(Command.objects.get().pk)
    assert Command.objects.get().state == State.WITHHELD
    assert emulator.app
    assert emulator.app.store.hooks.registration is None


def test_a_form_without_events_or_with_nonsense_is_refused(
    admin: User, client: Client, emulated: Connection
):
    assert register(client, emulated, events=[]) == 422
    assert register(client, emulated, url="nonsense nonsense") == 422
    assert register(client, emulated, events=["moon-landed"]) == 422
    Connection.objects.update(environment="production")
    assert register(client, emulated) == 422  # http
    assert not Command.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_reading_tells_what_is_registered(client: Client, emulated: Connection, emulator: Running):
    let_in(client, make_person("ada", "administrator"))
    assert client.post(reverse("webhook_read", args=[emulated.name])).status_code == 302
    assert "Asking Partner Center" in page(client, emulated)
    registration.read(emulated)
    assert "Nothing is registered." in page(client, emulated)
    assert emulator.app
    assert emulator.app.log.dump(limit=0)["by_operation"]["LIST_WEBHOOK_EVENTS"] == 1
    emulator.app.store.hooks.register(
        {"WebhookUrl": "http://localhost:1/x", "WebhookEvents": ["invoice-ready"]}, "s", ""
    )
    registration.read(emulated)
    shown = page(client, emulated)
    assert "http://localhost:1/x" in shown
    assert "usagerecords-thresholdExceeded" in shown  # on offer


@pytest.mark.django_db(transaction=True)
def test_a_test_event_comes_back_with_its_result(
    client: Client, emulated: Connection, emulator: Running
):
    let_in(client, make_person("ada", "administrator"))
    assert emulator.app
    emulator.app.store.hooks.register(
        {"WebhookUrl": "http://127.0.0.1:9/x", "WebhookEvents": ["test-created"]}, "s", emulator.url
    )
    url = reverse("webhook_test", args=[emulated.name])
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 302  # a second click is the same question
    questions.answer(Question.objects.get(operation="SEND_WEBHOOK_TEST").pk)
    found = webhooks.last_test(emulated)
    assert found is not None
    assert found.ask
    assert not found.waiting
    client.post(reverse("webhook_test_result", args=[emulated.name]))
    emulator.app.sender.settle()
    questions.answer(Question.objects.get(operation="GET_WEBHOOK_TEST").pk)
    found = webhooks.last_test(emulated)
    assert found is not None
    # Nobody listens at that address, and Partner Center says so.
    assert found.result is not None
    assert found.result["status"] == "failed"
    assert len(found.tries) == 3
    assert not found.ask
    assert "Not arrived" in page(client, emulated)
    assert Entry.objects.filter(kind="webhook.tested").count() == 2


def test_events_are_listed_with_state_and_reason(admin: User, client: Client, emulated: Connection):
    WebhookEvent.objects.create(
        connection=emulated, event="subscription-updated", state=EventState.ACCEPTED
    )
    WebhookEvent.objects.create(
        connection=emulated, state=EventState.REFUSED, reason="foreign_host"
    )
    shown = page(client, emulated)
    assert "subscription-updated" in shown
    assert "foreign host" in shown
    only = client.get(reverse("webhook", args=[emulated.name]), {"state": "accepted"})
    assert "foreign host" not in only.content.decode()
    csv = client.get(reverse("webhook", args=[emulated.name]), {"export": "csv"})
    assert "subscription-updated" in b"".join(csv).decode()
    counted = client.get(reverse("webhooks")).content.decode()
    assert '<td class="num p2">1</td>' in counted


def test_an_auditor_reads_and_changes_nothing(db: None, client: Client, emulated: Connection):
    let_in(client, make_person("otto", "auditor"))
    shown = page(client, emulated)
    assert "Send a test event" not in shown
    assert register(client, emulated) == 403
    assert client.post(reverse("webhook_test", args=[emulated.name])).status_code == 403
    assert not Command.objects.exists()
    assert not Question.objects.exists()


def test_staff_of_a_reseller_do_not_see_it(estate: Estate, client: Client):
    rita = make_person("rita", "reseller-admin", estate.connection, estate.fabrikam)
    let_in(client, rita)
    assert client.get(reverse("webhooks")).status_code == 403
    assert client.get(reverse("webhook", args=[estate.connection.name])).status_code == 403
