"""The command line: what it prints, how it ends, and that verify sees what is wrong."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from customers.models import Customer
from orders.models import Subscription
from portal.connections.models import Connection
from portal.partnercenter.errors import Forbidden
from portal.partnercenter.wire import Ask
from tests.factories import guid
from tests.mirror.world import World

KEYS = {"fetched", "inserted", "updated", "unchanged", "gone", "requests", "seconds", "state"}


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_sync_prints_a_summary_for_each_family(world: World, connection: Connection) -> None:
    world.estate(3, 2)
    summary = json.loads(run("sync", "contoso", "--full", "--json"))
    assert list(summary) == [
        "resellers",
        "customers",
        "relationships",
        "admin_relationships",
        "subscriptions",
        "audit_records",
        "invoices",
        "invoice_lines",
    ]
    assert set(summary["customers"]) == KEYS
    assert summary["subscriptions"]["inserted"] == 6
    assert summary["subscriptions"]["requests"] == 3
    some = json.loads(run("sync", "contoso", "--family", "customers", "--json"))
    assert list(some) == ["customers"]
    assert "customers: 3 fetched" in run("sync", "contoso", "--family", "customers")


def test_sync_says_what_cannot_be(world: World, connection: Connection) -> None:
    for words, said in (
        (("nowhere",), "no connection named nowhere"),
        (("contoso", "--family", "unicorns"), "unicorns"),
        (("contoso", "--changes"), "run a full sync first"),
    ):
        with pytest.raises(CommandError, match=said):
            run("sync", *words)


def test_sync_fails_with_the_reason_and_keeps_the_rest(
    world: World, connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    world.estate(2, 1)

    def closed(_ask: Ask) -> None:
        raise Forbidden("no right", status=403, code="900308", correlation_id="abc")

    world.faults["LIST_RELATIONSHIPS"] = closed
    errors = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("sync", "contoso", "--json", stdout=StringIO(), stderr=errors)
    assert ended.value.code == 1
    assert "resellers: Forbidden 900308 no right (correlation abc)" in errors.getvalue()
    assert Subscription.objects.count() == 2


def test_verify_finds_nothing_after_a_sync(
    world: World, connection: Connection, settings: Settings
) -> None:
    settings.MIRROR_DETAILS_PER_PASS = 10
    ids = world.estate(3, 2)
    world.reseller("Fabrikam", "111", tuple(ids))
    run("sync", "contoso")
    found = json.loads(run("verify", "contoso", "--json"))
    assert found["subscriptions"]["compared"] == 6
    assert found["customers"]["details"] == 3
    assert not any(row["differences"] for row in found.values())


def test_verify_names_every_difference(world: World, connection: Connection) -> None:
    ids = world.estate(3, 1)
    run("sync", "contoso")
    Customer.objects.filter(pc_id=ids[0]).update(name="Renamed here")
    world.customer("Only there")
    del world.subscriptions[ids[1]][guid("subscription S1.0")]
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify", "contoso", stdout=out)
    assert ended.value.code == 1
    said = out.getvalue()
    assert f"{ids[0]} name: mirror 'Renamed here', source 'C0'" in said
    assert f"{guid('Only there')}: not in the mirror" in said
    assert f"{guid('subscription S1.0')}: only in the mirror" in said
    assert "subscriptions: 2 rows and 0 details compared, 1 differences" in said


def test_verify_does_not_take_a_failing_source_for_a_difference(
    world: World, connection: Connection
) -> None:
    world.estate(1, 0)
    run("sync", "contoso")

    def closed(_ask: Ask) -> None:
        raise Forbidden("no right", status=403)

    world.faults["LIST_CUSTOMERS"] = closed
    with pytest.raises(CommandError, match="could not be read"):
        run("verify", "contoso")
