"""One timeline of the portal's entries and Partner Center's records, joined where they tell of one change."""

import datetime as dt
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.utils import timezone

from portal.access.entering import entered
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.activity.models import AuditMatch, AuditRecord, Entry, Happening
from portal.dashboard.activity_log import queries
from portal.outbox import audits
from portal.outbox.models import Command
from tests.people import Estate, make_change, make_person

SignIn = Callable[[User], Client]
NOW = timezone.now()


def audit(estate: Estate, number: int, **fields: Any) -> AuditRecord:
    """A record of a change of Fabrikam's subscription to 12 seats, now."""
    seats = estate.fabrikam_seats
    values = {
        "connection": estate.connection,
        "reseller_id": estate.fabrikam.pk,
        "pc_id": f"audit-{number}",
        "resource_type": "subscription",
        "resource_pc_id": seats.pc_id,
        "operation_type": "update_subscription",
        "operation_status": "succeeded",
        "operation_date": NOW,
        "customer_pc_id": seats.customer_pc_id,
        "customer_name": "Adatum",
        "user_principal_name": "j.dupuis@example.com",
        "summary": {"changes": {"quantity": [10, 12]}, "data": {}},
    }
    return AuditRecord.objects.create(**(values | fields))


@pytest.fixture
def command(estate: Estate, bob: User) -> Command:
    """Ten seats became twelve, by us, a moment ago."""
    change = make_change(estate.fabrikam_seats, bob)
    Command.objects.filter(pk=change.pk).update(
        before={"quantity": 10},
        after={"quantity": 12},
        sent_at=NOW - dt.timedelta(seconds=2),
        target_type="subscription",
        target_pc_id=estate.fabrikam_seats.pc_id,
        customer_pc_id=estate.fabrikam_seats.customer_pc_id,
    )
    change.refresh_from_db()
    return change


def entry_of(command: Command, kind: str = "change.confirmed", correlation_id: str = "") -> Entry:
    return record(
        kind,
        actor=Actor(command.actor_id),
        connection=command.connection,
        reseller_id=command.reseller_id,
        customer_pc_id=command.customer_pc_id,
        correlation_id=correlation_id,
        command_id=command.pk,
    )


def matches() -> list[tuple[str, int, str]]:
    rows = AuditMatch.objects.order_by("audit_id")
    return list(rows.values_list("audit__pc_id", "entry_id", "certainty"))


def match(estate: Estate, *records: AuditRecord) -> None:
    audits.match(estate.connection, [one.pk for one in records])


# --- joining --------------------------------------------------------------------------------------


def test_the_same_correlation_id_is_certain(estate: Estate, command: Command):
    entry_of(command, "change.requested")
    confirmed = entry_of(command, correlation_id="corr-1")
    match(estate, audit(estate, 1, correlation_id="CORR-1", summary={}))
    assert matches() == [("audit-1", confirmed.pk, "same")]


def test_without_one_all_that_is_known_must_fit(estate: Estate, command: Command):
    entry_of(command, "change.requested")
    confirmed = entry_of(command)
    match(estate, audit(estate, 1))
    assert matches() == [("audit-1", confirmed.pk, "probable")]


@pytest.mark.parametrize(
    "fields",
    [
        {"summary": {"changes": {"quantity": [10, 13]}}},
        {"summary": {"changes": {"status": ["active", "suspended"]}}},
        {"summary": {}},
        {"operation_date": NOW - dt.timedelta(minutes=10)},
        {"operation_date": NOW + dt.timedelta(hours=1)},
        {"customer_pc_id": "another"},
        {"resource_pc_id": "another"},
        {"resource_type": "order"},
        {"operation_status": "failed"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_does_not_fit_was_not_us(estate: Estate, command: Command, fields: dict[str, Any]):
    entry_of(command)
    match(estate, audit(estate, 1, **fields))
    assert matches() == []


def test_a_command_that_was_never_sent_explains_nothing(estate: Estate, command: Command):
    Command.objects.update(sent_at=None)
    entry_of(command)
    match(estate, audit(estate, 1))
    assert matches() == []


def test_one_command_explains_one_record_the_nearest(estate: Estate, command: Command):
    confirmed = entry_of(command)
    far = audit(estate, 1, operation_date=NOW + dt.timedelta(minutes=5))
    near = audit(estate, 2, operation_date=NOW)
    match(estate, far, near)
    assert matches() == [("audit-2", confirmed.pk, "probable")]


def test_a_command_that_is_known_for_certain_explains_nothing_else(
    estate: Estate, command: Command
):
    confirmed = entry_of(command, correlation_id="corr-1")
    match(estate, audit(estate, 1, correlation_id="corr-1"), audit(estate, 2))
    assert matches() == [("audit-1", confirmed.pk, "same")]


def test_probable_becomes_certain_and_never_back(estate: Estate, command: Command):
    entry_of(command)
    one = audit(estate, 1, correlation_id="corr-1")
    match(estate, one)
    assert matches()[0][2] == "probable"
    late = entry_of(command, correlation_id="corr-1")
    for _ in range(2):
        match(estate, one)
        assert matches() == [("audit-1", late.pk, "same")]


def test_another_connection_explains_nothing(estate: Estate, command: Command):
    entry_of(command, correlation_id="corr-1")
    match(estate, audit(estate, 1, connection=estate.other, correlation_id="corr-1"))
    audits.match(estate.other, list(AuditRecord.objects.values_list("pk", flat=True)))
    assert matches() == []


def test_the_clock_of_partner_center_is_reckoned_with(estate: Estate, command: Command):
    entry_of(command)
    estate.connection.clock_offset = -3600.0
    match(estate, audit(estate, 1, operation_date=NOW - dt.timedelta(hours=1)))
    assert len(matches()) == 1


def test_names_differ_in_their_spelling_only(estate: Estate, command: Command):
    Command.objects.update(after={"friendly_name": "New", "auto_renew": False})
    entry_of(command)
    changes = {"friendlyName": ["Old", "New"], "autoRenewEnabled": [True, False], "other": [1, 2]}
    match(estate, audit(estate, 1, summary={"changes": changes}))
    assert len(matches()) == 1


# --- reading --------------------------------------------------------------------------------------


def page(client: Client, query: str = "") -> str:
    text = str(client.get(f"/activity/{query}").content.decode())
    return text.split('id="list"')[1]


@pytest.fixture
def joined(estate: Estate, command: Command) -> tuple[Entry, AuditRecord, AuditRecord]:
    """Ours, certain; and one that a colleague did by hand in Partner Center."""
    entry = entry_of(command, correlation_id="corr-1")
    ours = audit(estate, 1, correlation_id="corr-1")
    theirs = audit(
        estate,
        2,
        operation_date=NOW - dt.timedelta(days=1),
        operation_type="update_customer_billing_profile",
    )
    match(estate, ours, theirs)
    return entry, ours, theirs


def test_both_stand_in_one_list_with_their_certainty(
    joined: tuple[Entry, AuditRecord, AuditRecord], alice: User, client_of: SignIn
):
    body = page(client_of(alice))
    assert "Subscription changed" in body
    assert "Same request" in body
    assert "Customer billing profile changed" in body
    assert "Not by us" in body
    assert body.count("j.dupuis@example.com") == 2
    assert body.index("Subscription changed") < body.index("Customer billing profile changed")


@pytest.mark.parametrize(
    ("source", "shown", "hidden"),
    [
        ("portal", ["Change: confirmed"], ["Subscription changed", "Customer billing"]),
        ("partner_center", ["Subscription changed", "Customer billing"], ["Change: confirmed"]),
        ("not_by_us", ["Customer billing"], ["Change: confirmed", "Subscription changed"]),
    ],
)
def test_source_filter(
    joined: object,
    alice: User,
    client_of: SignIn,
    source: str,
    shown: list[str],
    hidden: list[str],
):
    body = page(client_of(alice), f"?source={source}")
    assert all(text in body for text in shown)
    assert not any(text in body for text in hidden)


def test_words_of_an_operation_are_found(joined: object, alice: User, client_of: SignIn):
    body = page(client_of(alice), "?q=billing+profile")
    assert "Customer billing profile changed" in body
    assert "Subscription changed" not in body


def test_a_record_opens_in_its_row_and_has_a_page(
    joined: tuple[Entry, AuditRecord, AuditRecord], alice: User, client_of: SignIn
):
    entry, ours, theirs = joined
    client = client_of(alice)
    url = f"/activity/records/{ours.pk}/"
    opened = client.get(url, headers={"HX-Request": "true"}).content.decode()
    for part in ("<del>10</del>", "<ins>12</ins>", f'href="/activity/{entry.pk}/"', "Same request"):
        assert part in opened
    closed = client.get(f"{url}?closed=1", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-swap-oob="delete"' in closed
    alone = client.get(f"/activity/records/{theirs.pk}/").content.decode()
    assert "<h1>Customer billing profile changed</h1>" in alone
    assert "Not by us" in alone
    told = client.get(f"/activity/{entry.pk}/").content.decode()
    assert f'href="{url}"' in told
    assert "Same request" in told


def test_a_record_belongs_to_the_reseller_of_its_moment(
    estate: Estate, joined: tuple[Entry, AuditRecord, AuditRecord], client_of: SignIn
):
    _entry, ours, _theirs = joined
    rita = make_person("rita", "reseller-admin", estate.connection, estate.fabrikam)
    nina = make_person("nina", "reseller-admin", estate.connection, estate.northwind)
    assert "Same request" in page(client_of(rita))
    assert "Subscription changed" not in page(client_of(nina))
    assert client_of(nina).get(f"/activity/records/{ours.pk}/").status_code == 404
    assert client_of(rita).get(f"/activity/records/{ours.pk}/").status_code == 200
    # Also without the application's own filter.
    with entered(Scope.for_user(nina)):
        assert not AuditMatch.objects.exists()
        assert not Happening.objects.exists()


def test_export_holds_both_and_says_what_was_joined(
    joined: tuple[Entry, AuditRecord, AuditRecord], alice: User, client_of: SignIn
):
    csv = client_of(alice).get("/activity/?export=csv").getvalue().decode()
    lines = csv.splitlines()
    assert len(lines) == 4
    assert sum("partner_center" in line for line in lines) == 2
    assert sum("Same request" in line for line in lines) == 1
    assert sum("Not by us" in line for line in lines) == 1


def test_the_api_has_the_timeline(
    joined: tuple[Entry, AuditRecord, AuditRecord],
    alice: User,
    bob: User,
    api_of: Callable[..., Client],
):
    entry, _ours, _theirs = joined
    client = api_of(alice)
    rows = client.get("/api/v1/timeline/").json()["results"]
    assert {(row["source"], row["certainty"], row["entry_id"]) for row in rows} == {
        ("portal", None, None),
        ("partner_center", "same", entry.pk),
        ("partner_center", None, None),
    }
    only = client.get("/api/v1/timeline/?source=not_by_us").json()["results"]
    assert [row["kind"] for row in only] == ["partner_center.update_customer_billing_profile"]
    refused = client.get("/api/v1/timeline/?source=nonsense")
    assert refused.status_code == 400
    assert "not_by_us" in refused.json()["fields"]["source"][0]
    assert api_of(bob).get("/api/v1/timeline/").status_code == 403


def test_pages_follow_each_other_without_gap_or_double(
    estate: Estate, alice: User, client_of: SignIn
):
    """Many rows of both kinds at one moment: the order is total all the same."""
    for number in range(40):
        audit(estate, number)
        record("user.changed", actor=Actor(alice.pk), connection=estate.connection)
    client, url, seen = client_of(alice), "/activity/?size=25", []
    for _ in range(4):
        answer = client.get(url)
        part = answer.context["listing"]
        seen += [row.pk for row in part.page.rows]
        url = part.next_url
    assert url == ""
    assert len(seen) == 80
    assert len(set(seen)) == 80


def test_a_page_merges_two_ordered_scans(estate: Estate, alice: User):
    """However long both tables are, a page reads its own rows of each and sorts nothing."""
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO activity_entry (at, kind, via, connection_id, customer_pc_id, target_type,"
            " target_label, parameters, correlation_id) SELECT now() - n * interval '1 minute',"
            " 'user.changed', 'web', %s, '', '', '', '{}', '' FROM generate_series(1, 5000) AS n",
            [estate.connection.pk],
        )
        cursor.execute(
            "INSERT INTO activity_auditrecord (connection_id, pc_id, resource_type, resource_pc_id,"
            " operation_type, operation_status, operation_date, customer_pc_id, customer_name,"
            " user_principal_name, application_id, correlation_id, summary) SELECT %s, 'a' || n,"
            " 'subscription', '', 'update_subscription', 'succeeded', now() - n * interval '90 s',"
            " '', '', '', '', '', '{}' FROM generate_series(1, 5000) AS n",
            [estate.connection.pk],
        )
        cursor.execute("ANALYZE activity_entry, activity_auditrecord")
    scope = Scope.for_user(alice)
    with entered(scope):
        plan = queries.timeline(scope).order_by("-at", "-pk")[:51].explain()
    assert "Merge Append" in plan, plan
    assert "entry_timeline" in plan, plan
    assert "audit_timeline" in plan, plan
    assert "Seq Scan on activity_" not in plan, plan


def test_people_leave_the_summaries_that_are_here_already(estate: Estate) -> None:
    told = {
        "changes": {"displayName": ["Ana", "Anna"], "usageLocation": ["FR", "DE"]},
        "data": {"CustomerUserId": "U-1", "UserPrincipalName": "ana@contoso.com"},
    }
    users = audit(estate, 1, resource_type="customer_user", summary=told)
    other = audit(estate, 2, summary={"changes": {"displayName": ["A", "B"]}})
    migration = import_module("portal.activity.migrations.0004_no_people_in_summaries")
    with database.cursor() as cursor:
        cursor.execute(migration.FORGET)
    users.refresh_from_db()
    assert users.summary == {
        "changes": {"usageLocation": ["FR", "DE"]},
        "data": {"CustomerUserId": "U-1"},
    }
    other.refresh_from_db()
    assert other.summary == {"changes": {"displayName": ["A", "B"]}}, "of no person"
