"""A batch waits as one request for a second person, whose word holds for all of its rows."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from orders import actions
from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity import kinds
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.connections.models import Connection
from portal.notifications.models import Mail, Notification
from portal.outbox import sweeping, tasks
from portal.outbox.approvals import rules
from portal.outbox.approvals.models import Approval, BatchApproval, Rule
from portal.outbox.batches import approving, steering
from portal.outbox.commands import Asked, OvertakenError
from portal.outbox.models import Batch, Command
from tests.outbox.conftest import events
from tests.outbox.test_batches import counts, many, settle, started, steer  # noqa: F401
from tests.people import Estate, make_person

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def carol(estate: Estate) -> User:
    """Reseller admin of Fabrikam: the second person."""
    return make_person("carol", "reseller-admin", estate.connection, estate.fabrikam)


@pytest.fixture
def olga(estate: Estate) -> User:
    """Reseller admin of Northwind: not a second person for Fabrikam."""
    return make_person("olga", "reseller-admin", estate.connection, estate.northwind)


@pytest.fixture
def rule(estate: Estate, alice: User) -> Rule:
    """From 20 seats on; the subscriptions have 10."""
    return make(alice, estate, verb="subscription.suspend", least_seats=20)


def make(by: User, estate: Estate, **values: object) -> Rule:
    wanted = {"name": "Large ones", "connection": estate.connection, "hours": 48} | values
    return rules.make(Actor.for_user(by), Scope.for_user(by), wanted)


def asking(estate: Estate, *, mode: str = "ask") -> None:
    Connection.objects.filter(pk=estate.connection.pk).update(mode=mode)


def told() -> list[Entry]:
    return list(Entry.objects.filter(kind__startswith="batch.").order_by("pk"))


def test_in_the_mode_ask_the_batch_waits_as_one_request(
    estate: Estate,
    bob: User,
    carol: User,
    olga: User,
    alice: User,
    many: list[Subscription],  # noqa: F811
) -> None:
    asking(estate)
    batch = started(bob, many)
    assert batch.state == "awaiting"
    tasks.feed_batch(batch.pk)
    sweeping.sweep()
    assert Command.objects.count() == 0, "nothing is asked before"
    wait = BatchApproval.objects.get()
    assert (wait.rule, wait.rows, wait.seats, wait.unknown) == (None, 30, 300, 0)
    assert sorted(Mail.objects.values_list("to", flat=True)) == sorted([carol.email, alice.email])
    mail = Mail.objects.get(to=carol.email)
    assert "30 changes, 300 seats" in mail.subject
    assert f"/batches/{batch.pk}/" in mail.text

    steer(approving.approve, carol, batch)
    assert batch.state == "running"
    tasks.feed_batch(batch.pk)
    settle(batch)
    tasks.feed_batch(batch.pk)
    assert batch.commands.count() == 30
    assert set(batch.commands.values_list("approved_by", flat=True)) == {carol.pk}
    assert not batch.commands.filter(state="awaiting_approval").exists()
    assert not Approval.objects.exists(), "no row waits for itself"
    assert Notification.objects.get(user=bob).title.startswith("Approved: Suspend")
    assert [entry.kind for entry in told()] == ["batch.captured", "batch.held", "batch.approved"]


def test_one_row_under_a_rule_makes_all_wait_and_the_log_names_it(
    rule: Rule,
    bob: User,
    carol: User,
    many: list[Subscription],  # noqa: F811
) -> None:
    Subscription.objects.filter(pk=many[2].pk).update(quantity=20)
    batch = started(bob, many[:3])
    assert batch.state == "awaiting"
    wait = BatchApproval.objects.get()
    assert (wait.rule, wait.rows, wait.seats) == (rule, 3, 40)
    steer(approving.approve, carol, batch)
    tasks.feed_batch(batch.pk)
    entries = told()
    assert [e.kind for e in entries[1:]] == ["batch.held_by_rule", "batch.approved_by_rule"]
    assert entries[2].actor_id == carol.pk
    words = kinds.get(entries[2].kind).text(entries[2].parameters)
    assert words == f"Batch {batch.pk} approved (rule Large ones, version 1): 3 changes"
    command = batch.commands.order_by("pk")[0]
    assert events(command) == ["requested", "approved_by_rule"]
    entry = Entry.objects.filter(command_id=command.pk).latest("pk")
    assert (entry.actor_id, entry.parameters) == (carol.pk, {"rule": "Large ones", "version": 1})


def test_below_the_amount_nothing_waits(
    rule: Rule,
    bob: User,
    many: list[Subscription],  # noqa: F811
) -> None:
    batch = started(bob, many[:1])
    tasks.feed_batch(batch.pk)
    assert (batch.state, batch.commands.count()) == ("running", 1)
    assert not BatchApproval.objects.exists()
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"role": "sales"}, "awaiting"),
        ({"role": "helpdesk"}, "running"),
        ({"verb": "subscription.reactivate"}, "running"),
        ({"least_seats": 20}, "awaiting"),  # ten seats each: their sum counts
        ({"least_seats": 21}, "running"),
    ],
)
def test_conditions_must_all_hold(
    values: dict[str, Any],
    state: str,
    estate: Estate,
    alice: User,
    bob: User,
    many: list[Subscription],  # noqa: F811
) -> None:
    make(alice, estate, **values)
    assert started(bob, many[:2]).state == state


def test_seats_given_back_count_and_those_nobody_knows_wait(
    estate: Estate,
    alice: User,
    bob: User,
    many: list[Subscription],  # noqa: F811
) -> None:
    make(alice, estate, verb="subscription.change_quantity", least_seats=5)
    fewer = {"verb": actions.CHANGE_QUANTITY, "parameters": {"quantity": "-5"}}
    assert started(bob, many[:1], **fewer).state == "awaiting"
    assert BatchApproval.objects.get().seats == 5
    fewer["parameters"] = {"quantity": "-4"}
    assert started(bob, many[1:2], **fewer).state == "running"
    make(alice, estate, verb="subscription.suspend", least_seats=1000)
    Subscription.objects.filter(pk=many[2].pk).update(quantity=None)
    batch = started(bob, many[2:3])
    assert (batch.state, BatchApproval.objects.get(batch=batch).unknown) == ("awaiting", 1)


def test_nobody_approves_their_own_batch(
    rule: Rule,
    estate: Estate,
    bob: User,
    carol: User,
    olga: User,
    many: list[Subscription],  # noqa: F811
    client_of: Any,
) -> None:
    asking(estate)
    batch = started(carol, many[:2])
    assert not Mail.objects.filter(to=carol.email).exists()
    for person in (carol, bob, olga):
        with pytest.raises(PermissionDenied):
            steer(approving.approve, person, batch)
    answers = {
        person: client_of(person).post(f"/batches/{batch.pk}/approve/").status_code
        for person in (carol, bob, olga)
    }
    assert answers == {carol: 403, bob: 403, olga: 404}
    assert "Whole batches" not in client_of(carol).get("/approvals/").content.decode()
    page = client_of(carol).get(f"/batches/{batch.pk}/").content.decode()
    assert "Second person" in page
    assert "Approve and send" not in page
    batch.refresh_from_db()
    assert batch.state == "awaiting"


def test_the_database_itself_wants_four_eyes(
    estate: Estate,
    bob: User,
    carol: User,
    many: list[Subscription],  # noqa: F811
) -> None:
    asking(estate)
    batch = started(bob, many[:1])
    for values in ({"decided_by": bob}, {"outcome": "approved"}):
        with pytest.raises(IntegrityError, match="approval_batch"), transaction.atomic():
            BatchApproval.objects.update(**values)
    steer(approving.approve, carol, batch)
    tasks.feed_batch(batch.pk)
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        Command.objects.update(approved_by=bob)


def test_who_covers_a_part_of_the_rows_does_not_decide(
    estate: Estate, alice: User, carol: User, olga: User
) -> None:
    asking(estate)
    boss = make_person("boss", "distributor-admin", estate.connection)
    batch = started(alice, [estate.fabrikam_seats, estate.northwind_seats])
    assert set(Mail.objects.values_list("to", flat=True)) == {boss.email}
    for person in (carol, olga):
        with pytest.raises(PermissionDenied):
            steer(approving.decline, person, batch)
    steer(approving.decline, boss, batch)
    assert batch.state == "cancelled"


def test_a_declined_batch_is_told_and_nothing_of_it_is_sent(
    rule: Rule,
    bob: User,
    carol: User,
    many: list[Subscription],  # noqa: F811
    client_of: Any,
) -> None:
    Subscription.objects.filter(pk=many[0].pk).update(quantity=50)
    batch = started(bob, many[:3])
    browser: Client = client_of(carol)
    inbox = browser.get("/approvals/").content.decode()
    assert "Large ones, version 1" in inbox
    assert f"/batches/{batch.pk}/" in inbox
    page = browser.get(f"/batches/{batch.pk}/").content.decode()
    assert "By the rule Large ones, version 1" in page
    assert "Approve and send 3 changes" in page
    assert "<dd>70" in page
    browser.post(f"/batches/{batch.pk}/decline/")
    batch.refresh_from_db()
    assert (batch.state, counts(batch).stopped) == ("cancelled", 3)
    tasks.feed_batch(batch.pk)
    assert Command.objects.count() == 0
    assert told()[-1].kind == "batch.declined_by_rule"
    assert Mail.objects.get(to=bob.email).subject.startswith("Declined: Suspend")
    with pytest.raises(OvertakenError):
        steer(approving.approve, carol, batch)
    assert "Whole batches" not in browser.get("/approvals/").content.decode()


def test_it_reminds_once_then_expires(
    estate: Estate,
    bob: User,
    carol: User,
    many: list[Subscription],  # noqa: F811
) -> None:
    asking(estate)
    batch = started(bob, many[:2])
    Mail.objects.all().delete()
    sweeping.sweep()
    assert not Mail.objects.exists()
    past = timezone.now() - dt.timedelta(minutes=1)
    BatchApproval.objects.update(remind_at=past)
    sweeping.sweep()
    sweeping.sweep()
    assert Mail.objects.get(to=carol.email).subject.startswith("Still waits")
    BatchApproval.objects.update(expires_at=past)
    sweeping.sweep()
    sweeping.sweep()
    batch.refresh_from_db()
    assert (batch.state, counts(batch).stopped) == ("cancelled", 2)
    assert BatchApproval.objects.get().outcome == "expired"
    assert [e.kind for e in told()][-1:] == ["batch.expired"]
    assert Mail.objects.get(to=bob.email).subject.startswith("Expired")
    assert Command.objects.count() == 0


def test_taken_back_it_waits_for_nobody(
    estate: Estate,
    bob: User,
    carol: User,
    many: list[Subscription],  # noqa: F811
) -> None:
    asking(estate)
    batch = started(bob, many[:2])
    steer(steering.cancel, bob, batch)
    assert BatchApproval.objects.get().outcome == "withdrawn"
    assert not Notification.objects.filter(user=bob).exists()
    with pytest.raises(OvertakenError):
        steer(approving.approve, carol, batch)


def test_a_connection_that_asks_since_the_start_holds_the_rest(
    estate: Estate,
    bob: User,
    carol: User,
    many: list[Subscription],  # noqa: F811
) -> None:
    batch = started(bob, many)
    tasks.feed_batch(batch.pk)
    settle(batch)
    asking(estate)
    tasks.feed_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.commands.count()) == ("awaiting", 20)
    assert BatchApproval.objects.get().rows == 10
    steer(approving.approve, carol, batch)
    tasks.feed_batch(batch.pk)
    assert batch.commands.filter(state="queued", approved_by=carol).count() == 10


def test_an_approved_row_that_failed_is_tried_again_without_asking_anew(
    estate: Estate,
    bob: User,
    carol: User,
    many: list[Subscription],  # noqa: F811
) -> None:
    asking(estate)
    batch = started(bob, many[:1])
    steer(approving.approve, carol, batch)
    tasks.feed_batch(batch.pk)
    settle(batch, "failed", error={"kind": "refused"})
    steer(steering.retry, bob, batch)
    tasks.feed_batch(batch.pk)
    assert batch.commands.get().state == "queued"
    assert batch.state == "running"


def test_the_approval_is_of_this_batch_and_person_alone(
    estate: Estate,
    bob: User,
    carol: User,
    many: list[Subscription],  # noqa: F811
) -> None:
    asking(estate)
    batch = started(bob, many[:1])
    steer(approving.approve, carol, batch)
    for row in many[5:7]:
        row.refresh_from_db()
    asked = Asked(batch_id=batch.pk)
    other = actions.suspend(Actor.for_user(carol), Scope.for_user(carol), many[5], asked)
    single = actions.suspend(Actor.for_user(bob), Scope.for_user(bob), many[6], Asked())
    assert (other.state, single.state) == ("awaiting_approval", "awaiting_approval")


def test_the_second_person_reads_it_in_french(
    estate: Estate,
    bob: User,
    carol: User,
    many: list[Subscription],  # noqa: F811
) -> None:
    User.objects.filter(pk=carol.pk).update(language="fr")
    asking(estate)
    with translation.override("en"):
        started(bob, many[:2])
    mail = Mail.objects.get(to=carol.email)
    assert mail.language == "fr"
    assert "Approval" not in mail.subject


def test_a_batch_is_approved_over_the_api(
    estate: Estate,
    bob: User,
    carol: User,
    many: list[Subscription],  # noqa: F811
    api_of: Any,
) -> None:
    asking(estate)
    batch = started(bob, many[:2])
    address = f"/api/v1/batches/{batch.pk}/approve/"
    assert api_of(bob, read_only=False).post(address).status_code in {403, 404}
    answer = api_of(carol, read_only=False).post(address)
    assert (answer.status_code, answer.json()["state"]) == (200, "running")
    assert api_of(carol, read_only=False).post(address).status_code == 409
    assert Batch.objects.get().started_at is not None
