"""A Command that waits for another: confirmed lets it go, failed stops it, cancelled takes it along."""

from typing import Any

from orders import actions
from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import chains, commands, queue, sweeping
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.outbox.states import State
from tests.outbox.conftest import events
from tests.people import Estate


def rename(row: Subscription, by: User, name: str, follows: Command | None = None) -> Command:
    asked = Asked(follows_id=follows.pk if follows else None)
    return actions.rename(Actor.for_user(by), Scope.for_user(by), row, name, asked)


def end(command: Command, state: State, **fields: Any) -> None:
    queue.move(command.pk, State.SENDING, among=(State.QUEUED,))
    queue.move(command.pk, state, among=(State.SENDING,), **fields)
    chains.go_on(command, state)


def now(*all_of_them: Command) -> list[str]:
    for command in all_of_them:
        command.refresh_from_db()
    return [command.state for command in all_of_them]


def test_each_step_goes_out_after_the_one_before(estate: Estate, bob: User) -> None:
    first = rename(estate.fabrikam_seats, bob, "One")
    second = rename(estate.shared_fabrikam, bob, "Two", first)
    third = rename(estate.fabrikam_seats, bob, "Three", second)
    assert now(first, second, third) == ["queued", "waiting", "waiting"]
    end(first, State.SUCCEEDED)
    assert now(second, third) == ["queued", "waiting"]
    end(second, State.SUCCEEDED)
    assert now(third) == ["queued"]


def test_a_failed_step_stops_the_rest_until_a_person_decides(estate: Estate, bob: User) -> None:
    first = rename(estate.fabrikam_seats, bob, "One")
    second = rename(estate.shared_fabrikam, bob, "Two", first)
    end(first, State.FAILED, error={"kind": "refused"})
    sweeping.sweep()
    assert now(first, second) == ["failed", "waiting"]
    commands.retry(Actor.for_user(bob), Scope.for_user(bob), first)
    end(first, State.SUCCEEDED)
    assert now(first, second) == ["succeeded", "queued"]


def test_a_step_that_is_given_up_takes_the_rest_with_it(estate: Estate, bob: User) -> None:
    first = rename(estate.fabrikam_seats, bob, "One")
    second = rename(estate.shared_fabrikam, bob, "Two", first)
    third = rename(estate.fabrikam_seats, bob, "Three", second)
    end(first, State.FAILED, error={"kind": "refused"})
    commands.give_up(Actor.for_user(bob), Scope.for_user(bob), first)
    assert now(first, second, third) == ["cancelled", "cancelled", "cancelled"]
    assert events(third) == ["requested", "cancelled"]


def test_a_lost_wake_up_is_made_good_by_the_sweep(estate: Estate, bob: User) -> None:
    first = rename(estate.fabrikam_seats, bob, "One")
    second = rename(estate.shared_fabrikam, bob, "Two", first)
    queue.move(first.pk, State.SENDING, among=(State.QUEUED,))
    queue.move(first.pk, State.SUCCEEDED, among=(State.SENDING,))
    sweeping.sweep()
    assert now(second) == ["queued"]


def test_a_chain_over_the_api_and_on_its_pages(
    estate: Estate, bob: User, api_of: Any, client_of: Any
) -> None:
    first = rename(estate.fabrikam_seats, bob, "One")
    api = api_of(bob, read_only=False)
    url = f"/api/v1/subscriptions/{estate.shared_fabrikam.pk}/rename/"
    wish = {"name": "Two", "follows": first.pk}
    answer = api.post(url, wish, content_type="application/json")
    assert (answer.status_code, answer.json()["follows"]) == (202, first.pk)
    page = client_of(bob).get(f"/changes/{answer.json()['id']}/").content.decode()
    assert f"Goes out once change {first.pk} is confirmed." in page
    end(first, State.FAILED, error={"kind": "refused"})
    page = client_of(bob).get(f"/changes/{answer.json()['id']}/").content.decode()
    assert f"Stopped: change {first.pk} has not gone through." in page
    assert "Others wait for it" in client_of(bob).get(f"/changes/{first.pk}/").content.decode()
    commands.give_up(Actor.for_user(bob), Scope.for_user(bob), first)
    late = api.post(url, wish, content_type="application/json")
    assert (late.status_code, late.json()["code"]) == (409, "never_confirmed")


def test_nobody_chains_to_a_change_that_is_not_theirs_to_see(
    estate: Estate, bob: User, charlie: User, api_of: Any
) -> None:
    first = rename(estate.fabrikam_seats, bob, "One")
    url = f"/api/v1/subscriptions/{estate.northwind_seats.pk}/rename/"
    wish = {"name": "Two", "follows": first.pk}
    api = api_of(charlie, read_only=False)
    assert api.post(url, wish, content_type="application/json").status_code == 404
    assert Command.objects.count() == 1


def test_steps_behind_one_that_is_over_are_found_by_the_sweep(estate: Estate, bob: User) -> None:
    first = rename(estate.fabrikam_seats, bob, "One")
    second = rename(estate.shared_fabrikam, bob, "Two", first)
    queue.move(first.pk, State.CANCELLED, among=(State.QUEUED,))
    sweeping.sweep()
    assert now(second) == ["cancelled"]
