"""One verb for many: checked without sending, confirmed, asked in portions, each row once."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied

from orders import actions, queries
from orders.bulk import subscriptions
from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.connections.models import Connection
from portal.notifications.models import Mail, Notification
from portal.outbox import engine, queue, sweeping, tasks
from portal.outbox.batches import capturing, feeding, steering, waking
from portal.outbox.batches import queries as batch_queries
from portal.outbox.batches.capturing import Target, Wish
from portal.outbox.commands import Asked, OvertakenError
from portal.outbox.models import Batch, BatchRow, Command
from portal.outbox.states import State
from tests.people import Estate, make_person, make_subscription

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def many(estate: Estate) -> list[Subscription]:
    """Thirty subscriptions of Fabrikam's customer, beside the one of the estate."""
    return [
        make_subscription(estate.of_fabrikam, estate.fabrikam, f"N{number:02}")
        for number in range(30)
    ]


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool]]:
    """Commands that a worker was woken for, and whether as part of a batch."""
    calls: list[tuple[int, bool]] = []
    monkeypatch.setattr(queue, "dispatch", lambda pk, wait=0, bulk=False: calls.append((pk, bulk)))
    return calls


def capture(by: User, rows: list[Subscription], verb: str = actions.SUSPEND, **wish: Any) -> Batch:
    own = wish.pop("own", {})
    targets = [Target(row, subscriptions.label(row), own.get(row.pk, {})) for row in rows]
    made = Wish(verb=verb, **wish)
    return capturing.capture(Actor.for_user(by), Scope.for_user(by), made, targets)


def started(by: User, rows: list[Subscription], **wish: Any) -> Batch:
    batch = capture(by, rows, **wish)
    tasks.check_batch(batch.pk)
    batch.refresh_from_db()
    seen = batch.rows.filter(state="ready").count()
    steering.start(Actor.for_user(by), Scope.for_user(by), batch, seen=seen)
    return batch


def steer(act: Callable[..., Any], by: User, batch: Batch, **more: Any) -> None:
    batch.refresh_from_db()
    act(Actor.for_user(by), Scope.for_user(by), batch, **more)
    batch.refresh_from_db()


def settle(batch: Batch, state: str = "succeeded", limit: int = 100, **fields: Any) -> None:
    """Let the Commands that are queued end as told, without a worker."""
    for command in batch.commands.filter(state="queued").order_by("pk")[:limit]:
        queue.move(command.pk, State.SENDING, among=(State.QUEUED,))
        queue.move(command.pk, State(state), among=(State.SENDING,), **fields)


def counts(batch: Batch) -> batch_queries.Counts:
    return batch_queries.counts(Scope.system(), batch)


def test_the_dry_run_says_what_changes_and_what_cannot_and_sends_nothing(
    estate: Estate, bob: User, many: list[Subscription]
) -> None:
    many[1].status = "suspended"
    many[1].save()
    batch = capture(bob, [*many[:3], estate.northwind_seats])
    tasks.check_batch(batch.pk)
    batch.refresh_from_db()
    rows = list(batch.rows.all())
    assert batch.state == "ready"
    assert [row.state for row in rows] == ["ready", "refused", "ready", "refused"]
    assert (rows[0].before, rows[0].after) == ({"status": "active"}, {"status": "suspended"})
    assert rows[1].problem == {
        "code": "suspended",
        "says": "orders.suspended",
        "facts": {},
    }
    assert rows[3].problem["code"] == "gone", "another reseller's is not there"
    assert Command.objects.count() == 0


def test_a_check_that_was_cut_short_is_found_by_the_sweep(
    bob: User, many: list[Subscription], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = capture(bob, many)
    Batch.objects.update(lease_until="2020-01-01T00:00:00Z")
    asked: list[int] = []
    monkeypatch.setattr(waking, "check", asked.append)
    sweeping.sweep()
    assert asked == [batch.pk]
    tasks.check_batch(batch.pk)
    sweeping.sweep()
    assert asked == [batch.pk]


def test_rows_become_commands_in_portions_and_wake_the_queue_of_batches(
    bob: User,
    many: list[Subscription],
    woken: list[tuple[int, bool]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    batch = started(bob, many)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.feed_batch(batch.pk)
        tasks.feed_batch(batch.pk)
    assert batch.commands.count() == feeding.PORTION == 20
    assert [bulk for _pk, bulk in woken] == [True] * 20
    settle(batch)
    feeding.top_up(batch.pk)
    assert batch.commands.count() == 30
    settle(batch)
    feeding.top_up(batch.pk)
    batch.refresh_from_db()
    assert batch.state == "finished"
    assert (counts(batch).done, counts(batch).total) == (30, 30)
    told = Entry.objects.filter(kind__startswith="batch.").order_by("pk")
    assert [e.kind for e in told] == ["batch.captured", "batch.started", "batch.finished"]
    assert {e.reseller_id for e in told} == {many[0].reseller_id}
    news = Notification.objects.get(user=bob)
    assert (news.title, news.url) == (
        f"Batch {batch.pk} finished: Suspend subscription",
        batch.get_absolute_url(),
    )
    assert news.text.splitlines()[0] == "30 changes confirmed"
    assert Mail.objects.get().to == bob.email


def test_each_row_is_asked_once_whatever_is_repeated(
    bob: User, many: list[Subscription], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = started(bob, many[:3])

    class KilledError(BaseException):
        pass

    def killed(*_args: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(BatchRow.objects, "bulk_update", killed)
        with pytest.raises(KilledError):
            tasks.feed_batch(batch.pk)
    assert batch.commands.count() == 0, "neither the row nor its Command"
    assert feeding.at_work() == [batch.pk]
    tasks.feed_batch(batch.pk)
    tasks.feed_batch(batch.pk)
    assert batch.commands.count() == 3
    assert len({row.command_id for row in batch.rows.all()}) == 3


def test_a_paused_batch_asks_nothing_and_holds_what_is_queued(
    bob: User, many: list[Subscription]
) -> None:
    batch = started(bob, many)
    tasks.feed_batch(batch.pk)
    steer(steering.pause, bob, batch)
    settle(batch, limit=5)
    tasks.feed_batch(batch.pk)
    assert batch.commands.count() == 20
    waiting = batch.commands.filter(state="queued")[0]
    assert queue.claim(waiting.pk) is None
    steer(steering.resume, bob, batch)
    tasks.feed_batch(batch.pk)
    assert batch.commands.count() == 25
    with pytest.raises(OvertakenError):
        steer(steering.resume, bob, batch)


def test_cancelling_the_rest_leaves_what_is_done(bob: User, many: list[Subscription]) -> None:
    batch = started(bob, many)
    tasks.feed_batch(batch.pk)
    settle(batch, limit=5)
    steer(steering.cancel, bob, batch)
    assert batch.state == "cancelled"
    assert (counts(batch).done, counts(batch).stopped, counts(batch).todo) == (5, 25, 0)
    assert batch.commands.filter(state="cancelled").count() == 15
    tasks.feed_batch(batch.pk)
    assert batch.commands.count() == 20


def test_the_failed_are_tried_again_but_not_those_that_were_found_changed(
    bob: User, many: list[Subscription]
) -> None:
    batch = started(bob, many[:3])
    tasks.feed_batch(batch.pk)
    settle(batch, "failed", limit=2, error={"kind": "refused"})
    settle(batch, "failed", error={"kind": "changed", "difference": {}})
    tasks.feed_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, counts(batch).failed) == ("finished", 3)
    steer(steering.retry, bob, batch)
    assert (batch.state, counts(batch).todo, counts(batch).failed) == ("running", 2, 1)
    tasks.feed_batch(batch.pk)
    assert batch.commands.filter(state="queued", error__isnull=True).count() == 2
    assert batch.commands.count() == 3, "the same Commands, no new ones"


def test_what_changed_after_the_check_is_not_asked(bob: User, many: list[Subscription]) -> None:
    batch = started(bob, many[:2], verb=actions.CHANGE_QUANTITY, parameters={"quantity": "+5"})
    many[0].quantity = 40
    many[0].save()
    tasks.feed_batch(batch.pk)
    rows = list(batch.rows.all())
    assert (rows[0].state, rows[0].problem["code"]) == ("refused", "changed_meanwhile")
    assert rows[1].command.after == {"quantity": 15}


def test_a_right_withdrawn_meanwhile_stops_the_rows(bob: User, many: list[Subscription]) -> None:
    batch = started(bob, many[:2])
    bob.memberships.update(role="billing")
    tasks.feed_batch(batch.pk)
    assert Command.objects.count() == 0
    assert {row.problem["code"] for row in batch.rows.all()} == {"forbidden"}


def test_only_its_person_starts_it_with_the_number_that_was_shown(
    bob: User, many: list[Subscription], estate: Estate
) -> None:
    batch = capture(bob, many[:2])
    tasks.check_batch(batch.pk)
    with pytest.raises(OvertakenError):
        steer(steering.start, bob, batch, seen=1)
    boss = make_person("boss", "distributor-admin", estate.connection)
    with pytest.raises(PermissionDenied):
        steer(steering.start, boss, batch, seen=2)
    steer(steering.start, bob, batch, seen=2)
    steer(steering.pause, boss, batch)
    assert batch.state == "paused"


def test_no_more_rows_than_one_batch_may_have(
    bob: User, many: list[Subscription], settings: Any
) -> None:
    settings.INTAKE_MAX_ROWS = 5
    with pytest.raises(capturing.TooManyError):
        capture(bob, many)
    with pytest.raises(capturing.EmptyError):
        capture(bob, [])
    assert Batch.objects.count() == 0


def test_who_sees_a_batch(
    bob: User, charlie: User, alice: User, auditor: User, many: list[Subscription]
) -> None:
    capture(bob, many[:2])
    chief = make_person("chief", "reseller-admin", many[0].connection, many[0].reseller)
    seen = [
        batch_queries.batches(Scope.for_user(user)).count()
        for user in (bob, chief, alice, auditor, charlie)
    ]
    assert seen == [1, 1, 1, 1, 0]


# --- pages ----------------------------------------------------------------------------------------


def test_from_the_selection_in_the_list_to_a_started_batch(
    bob: User, many: list[Subscription], client_of: Any, estate: Estate
) -> None:
    browser: Client = client_of(bob)
    ids = [many[0].pk, many[1].pk, estate.northwind_seats.pk]
    answer = browser.post("/subscriptions/many/suspend/", {"row": ids})
    batch = Batch.objects.get()
    assert answer["Location"] == f"/batches/{batch.pk}/"
    assert batch.rows.count() == 2, "what he does not see cannot be selected"
    tasks.check_batch(batch.pk)
    told = browser.get(f"/batches/{batch.pk}/").content.decode()
    assert "Suspend 2 subscriptions?" in told
    assert "New commerce goes on billing while suspended" in told
    browser.post(f"/batches/{batch.pk}/start/", {"seen": "2", "reason": "Unpaid"})
    batch.refresh_from_db()
    assert batch.state == "running"
    tasks.feed_batch(batch.pk)
    assert set(batch.commands.values_list("reason", flat=True)) == {"Unpaid"}
    live = browser.get(f"/batches/{batch.pk}/status/?rows=under-way").content.decode()
    assert "0 of 2 have an outcome" in live
    assert 'hx-trigger="every 2s"' in live


def test_all_that_match_are_written_down_as_ids(
    bob: User, many: list[Subscription], client_of: Any
) -> None:
    browser: Client = client_of(bob)
    sent = {"all": "1", "query": "q=N0", "valued": "1", "quantity": "+5"}
    browser.post("/subscriptions/many/seats/", sent)
    batch = Batch.objects.get()
    assert batch.parameters == {"quantity": "+5"}
    assert batch.rows.count() == 10
    tasks.check_batch(batch.pk)
    assert {row.after["quantity"] for row in batch.rows.all()} == {15}


def test_a_verb_with_a_value_asks_for_it_first(
    bob: User, many: list[Subscription], client_of: Any
) -> None:
    browser: Client = client_of(bob)
    page = browser.post("/subscriptions/many/end-of-term/", {"row": [many[0].pk]})
    assert f'name="row" value="{many[0].pk}"' in page.content.decode()
    again = browser.post("/subscriptions/many/seats/", {"row": [many[0].pk], "valued": "1"})
    assert again.status_code == 422
    assert Batch.objects.count() == 0


def test_the_menu_shows_batches_as_a_part_of_the_changes(
    bob: User, many: list[Subscription], client_of: Any
) -> None:
    batch = capture(bob, many[:1])
    for address in ("/batches/", f"/batches/{batch.pk}/", "/changes/"):
        menu = re.findall(
            r'<a[^>]*href="([^"]*)"[^>]*aria-current="page"',
            client_of(bob).get(address).content.decode().split("<main")[0],
        )
        assert menu == ["/changes/"], address


def test_an_outsider_finds_no_batch(
    charlie: User, bob: User, many: list[Subscription], client_of: Any
) -> None:
    batch = capture(bob, many[:1])
    browser: Client = client_of(charlie)
    for end in ("", "status/", "result/"):
        assert browser.get(f"/batches/{batch.pk}/{end}").status_code == 404
    for act in ("start", "pause", "resume", "cancel", "retry"):
        assert browser.post(f"/batches/{batch.pk}/{act}/").status_code == 404


@pytest.fixture
def no_partner(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    purposes: list[str] = []

    def client(_connection: Connection, purpose: str) -> None:
        purposes.append(purpose)
        raise RuntimeError("no client here")

    monkeypatch.setattr(engine, "get_client", client)
    return purposes


def test_rows_leave_the_budget_that_is_kept_for_people(
    bob: User, many: list[Subscription], no_partner: list[str]
) -> None:
    batch = started(bob, many[:1])
    tasks.feed_batch(batch.pk)
    tasks.deliver(batch.commands.get().pk)
    single = actions.rename(Actor.for_user(bob), Scope.for_user(bob), many[5], "New", Asked())
    tasks.deliver(single.pk)
    assert no_partner == ["bulk", "write"]
    assert queries.subscriptions(Scope.for_user(bob)).filter(friendly_name="New").count() == 0


# --- the API --------------------------------------------------------------------------------------


def test_a_batch_over_the_api(
    bob: User, many: list[Subscription], api_of: Any, estate: Estate
) -> None:
    api: Client = api_of(bob, read_only=False)

    def post(path: str, **content: Any) -> Any:
        return api.post(f"/api/v1/batches/{path}", content, content_type="application/json")

    rows = [
        {"id": many[0].pk, "parameters": {"name": "One"}},
        {"id": many[1].pk, "parameters": {"name": many[1].friendly_name}},
        {"id": estate.northwind_seats.pk, "parameters": {"name": "Not his"}},
    ]
    assert post("", verb="nonsense", rows=rows).status_code == 400
    made = post("", verb="subscription.rename", rows=rows)
    assert made.status_code == 201
    number = made.json()["id"]
    tasks.check_batch(number)
    found = api.get(f"/api/v1/batches/{number}/").json()
    assert (found["state"], found["counts"]["todo"], found["counts"]["refused"]) == ("ready", 1, 1)
    listed = api.get(f"/api/v1/batches/{number}/rows/").json()["results"]
    assert [row["problem"] for row in listed] == [
        "",
        "It has this name already. Write another one.",
    ]
    assert post(f"{number}/start/", seen=2).status_code == 409
    assert post(f"{number}/start/", seen=1).json()["state"] == "running"
    tasks.feed_batch(number)
    assert Command.objects.get().after == {"friendly_name": "One"}
    assert post(f"{number}/pause/").json()["state"] == "paused"
    assert post(f"{number}/cancel/").json()["state"] == "cancelled"
