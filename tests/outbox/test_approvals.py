"""A rule makes a change wait, a second person decides, and the log names the rule and its version."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.utils import timezone, translation

from orders import actions
from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity import kinds
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.notifications.models import Mail, Notification
from portal.outbox import commands, sweeping
from portal.outbox.approvals import rules
from portal.outbox.approvals.models import Approval, Rule
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from tests.outbox.conftest import Ask, events
from tests.people import Estate, make_person


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
    return make(alice, estate, verb="subscription.suspend", least_seats=10)


def make(by: User, estate: Estate, **values: object) -> Rule:
    wanted = {"name": "Large ones", "connection": estate.connection, "hours": 48} | values
    return rules.make(Actor.for_user(by), Scope.for_user(by), wanted)


def suspend(by: User, row: Subscription) -> Command:
    return actions.suspend(Actor.for_user(by), Scope.for_user(by), row, Asked("why"))


def approve(by: User, command: Command) -> None:
    commands.approve(Actor.for_user(by), Scope.for_user(by), command)


def test_from_the_amount_on_a_suspension_waits(
    rule: Rule, row: Subscription, bob: User, carol: User, olga: User, alice: User
) -> None:
    command = suspend(bob, row)
    assert command.state == "awaiting_approval"
    assert Approval.objects.get().rule == rule
    told = sorted(Mail.objects.values_list("to", flat=True))
    assert told == sorted([carol.email, alice.email])
    assert olga.email not in told
    text = Mail.objects.filter(to=carol.email).get().text
    assert "Large ones" in text
    assert "Reason: why" in text
    approve(carol, command)
    command.refresh_from_db()
    assert command.state == "queued"
    assert command.approved_by == carol
    assert events(command) == ["requested", "held", "approved_by_rule"]
    entry = Entry.objects.filter(command_id=command.pk).latest("pk")
    assert entry.actor_id == carol.pk
    assert entry.parameters == {"rule": "Large ones", "version": 1}
    words = kinds.get(entry.kind).text(entry.parameters)
    assert words == "Suspend subscription: approved (rule Large ones, version 1)"
    news = Notification.objects.filter(user=bob).get()
    assert news.title.startswith("Approved: Suspend")
    assert news.text.endswith("\nDecided by Carol.")


def test_below_the_amount_it_goes_out_at_once(rule: Rule, row: Subscription, bob: User) -> None:
    Subscription.objects.filter(pk=row.pk).update(quantity=9)
    row.refresh_from_db()
    assert suspend(bob, row).state == "queued"
    assert not Approval.objects.exists()
    assert not Mail.objects.exists()


def test_seats_that_nobody_knows_wait(rule: Rule, row: Subscription, bob: User) -> None:
    Subscription.objects.filter(pk=row.pk).update(quantity=None)
    row.refresh_from_db()
    assert suspend(bob, row).state == "awaiting_approval"


def test_seats_that_change_count_by_the_difference(
    estate: Estate, alice: User, ask: Ask, row: Subscription
) -> None:
    make(alice, estate, least_seats=6)
    assert ask(5).state == "queued"
    Command.objects.update(state="cancelled", settled_at=timezone.now())
    assert ask(6).state == "awaiting_approval"


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"role": "sales"}, "awaiting_approval"),
        ({"role": "helpdesk"}, "queued"),
        ({"verb": "subscription.reactivate"}, "queued"),
        ({"verb": ""}, "awaiting_approval"),
    ],
)
def test_conditions_must_all_hold(
    values: dict[str, str], state: str, estate: Estate, alice: User, bob: User, row: Subscription
) -> None:
    make(alice, estate, **values)
    assert suspend(bob, row).state == state


def test_the_rule_of_the_reseller_is_named_first(
    estate: Estate, alice: User, bob: User, row: Subscription
) -> None:
    make(alice, estate)
    own = make(alice, estate, name="Fabrikam's", reseller=estate.fabrikam)
    make(alice, estate, name="Northwind's", reseller=estate.northwind)
    suspend(bob, row)
    assert Approval.objects.get().rule == own


def test_nobody_approves_their_own(
    rule: Rule, row: Subscription, carol: User, olga: User, client_of: Callable[[User], Client]
) -> None:
    command = suspend(carol, row)
    assert not Mail.objects.filter(to=carol.email).exists()
    with pytest.raises(PermissionDenied):
        approve(carol, command)
    client = client_of(carol)
    assert client.post(f"/changes/{command.pk}/approve/").status_code == 403
    assert client_of(olga).post(f"/changes/{command.pk}/approve/").status_code == 404
    assert row.friendly_name not in client.get("/approvals/").content.decode()
    command.refresh_from_db()
    assert command.state == "awaiting_approval"


def test_the_database_itself_wants_four_eyes(
    rule: Rule, row: Subscription, bob: User, carol: User
) -> None:
    command = suspend(bob, row)
    for table, field in ((Approval, "decided_by"), (Command, "approved_by")):
        rows = table._default_manager.all()
        with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
            rows.update(**{field: bob})
        rows.update(**{field: carol})
    command.refresh_from_db()
    assert command.approved_by == carol


def test_a_declined_one_is_told_and_never_sent(
    rule: Rule, row: Subscription, bob: User, carol: User, client_of: Callable[[User], Client]
) -> None:
    command = suspend(bob, row)
    client = client_of(carol)
    assert row.friendly_name in client.get("/approvals/").content.decode()
    assert "version 1" in client.get(f"/changes/{command.pk}/").content.decode()
    client.post(f"/changes/{command.pk}/decline/")
    command.refresh_from_db()
    assert command.state == "cancelled"
    assert events(command)[-1] == "declined_by_rule"
    assert Approval.objects.get().outcome == "declined"
    assert row.friendly_name not in client.get("/approvals/").content.decode()
    client.post(f"/changes/{command.pk}/approve/")
    command.refresh_from_db()
    assert command.state == "cancelled"
    assert Mail.objects.filter(to=bob.email).get().subject.startswith("Declined: Suspend")


def test_an_edit_is_a_new_version_and_what_waits_keeps_its_own(
    rule: Rule, estate: Estate, alice: User, bob: User, carol: User, row: Subscription
) -> None:
    command = suspend(bob, row)
    values = {"name": "Large ones", "connection": estate.connection, "least_seats": 5}
    changed = rules.change(Actor.for_user(alice), Scope.for_user(alice), rule, values)
    assert (changed.version, changed.key) == (2, rule.key)
    same = rules.change(Actor.for_user(alice), Scope.for_user(alice), changed, values)
    assert same.version == 2
    approve(carol, command)
    assert Entry.objects.filter(command_id=command.pk).latest("pk").parameters["version"] == 1


def test_it_reminds_once_then_expires(
    rule: Rule, row: Subscription, bob: User, carol: User
) -> None:
    command = suspend(bob, row)
    Mail.objects.all().delete()
    sweeping.sweep()
    assert not Mail.objects.exists()
    past = timezone.now() - dt.timedelta(minutes=1)
    Approval.objects.update(remind_at=past)
    sweeping.sweep()
    sweeping.sweep()
    assert Mail.objects.filter(to=carol.email).get().subject.startswith("Still waits")
    assert not Mail.objects.filter(to=bob.email).exists()
    Approval.objects.update(expires_at=past)
    sweeping.sweep()
    sweeping.sweep()
    command.refresh_from_db()
    assert command.state == "cancelled"
    assert events(command)[-1] == "expired"
    assert Approval.objects.get().outcome == "expired"
    assert Mail.objects.filter(to=bob.email).get().subject.startswith("Expired")
    with pytest.raises(commands.OvertakenError):
        approve(carol, command)


def test_an_approved_one_does_not_expire(
    rule: Rule, row: Subscription, bob: User, carol: User
) -> None:
    command = suspend(bob, row)
    approve(carol, command)
    Approval.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    sweeping.sweep()
    command.refresh_from_db()
    assert command.state == "queued"


def test_mode_ask_waits_whatever_the_rules_say(
    estate: Estate, row: Subscription, bob: User
) -> None:
    estate.connection.mode = "ask"
    estate.connection.save()
    row.refresh_from_db()
    command = suspend(bob, row)
    assert command.state == "awaiting_approval"
    approval = Approval.objects.get()
    assert approval.rule is None
    assert events(command) == ["requested"]


def test_the_second_person_reads_it_in_french(
    rule: Rule, row: Subscription, bob: User, carol: User
) -> None:
    User.objects.filter(pk=carol.pk).update(language="fr")
    with translation.override("en"):
        suspend(bob, row)
    mail = Mail.objects.filter(to=carol.email).get()
    assert mail.language == "fr"
    assert "Suspend " not in mail.subject


def test_a_rule_is_its_connections(estate: Estate, alice: User, bob: User) -> None:
    with pytest.raises(Http404):
        make(bob, estate)
    with pytest.raises(Http404):
        make(alice, estate, connection=estate.other)
    assert not Rule.objects.exists()
