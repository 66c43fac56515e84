"""Many subscriptions renamed by a file with mistakes, refusals upstream, a pause and a killed worker.

And the other way about: while hundreds of rows wait, one person's single change does not.
"""

import csv
import html
import io
import os
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from orders import actions
from orders.bulk import subscriptions
from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.connections.governor import DOCUMENTED
from portal.connections.models import Connection
from portal.outbox import tasks
from portal.outbox.batches import capturing, checking, queries, steering
from portal.outbox.batches.queries import Counts
from portal.outbox.commands import Asked
from portal.outbox.models import Batch, Command
from tests.people import let_in, make_person
from tests.portal_processes import Emulator, Worker, settled, until

pytestmark = pytest.mark.xdist_group("flows")
LINES = int(os.environ.get("RENAMED", "90"))
"""Four portions and a half: those that follow are asked in the same way. ``RENAMED=300`` shows it."""
BAD, REFUSED = 7, 3
GOOD = LINES - BAD
DONE = GOOD - REFUSED


@pytest.fixture
def person(portal: Connection) -> User:
    return make_person(f"paula-{User.objects.count()}", "administrator")


@pytest.fixture
def browser(person: User) -> Client:
    client = Client()
    let_in(client, person)
    return client


def some(number: int) -> list[Subscription]:
    rows = Subscription.objects.filter(status="active", gone_at=None).order_by("pk")
    return list(rows.select_related("customer", "connection")[:number])


def table(rows: list[Subscription]) -> bytes:
    """The lines as a French spreadsheet writes them; the bad ones stand between the good."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["ID DE L'ABONNEMENT", "new name"])
    bad = {
        10: ["not an id", "x"],
        20: ["6a8f3c9e-0000-4000-8000-000000000000", "nobody has it"],
        30: [rows[30].pc_id, ""],
        40: [rows[0].pc_id, "twice"],
        50: [rows[50].pc_id, "x" * 300],
        60: ["", "no id"],
        70: [rows[70].pc_id, "a", "cell too many"],
    }
    for number, row in enumerate(rows):
        writer.writerow(bad.get(number) or [row.pc_id, f"Nom nº {number}"])
    return out.getvalue().encode("cp1252")


def refuse_upstream(emulator: Emulator, rows: list[Subscription]) -> None:
    body = {"code": 900277, "description": "The subscription cannot be changed."}
    rules = [
        {
            "match": {"method": "PATCH", "path": row.pc_id},
            "action": {"kind": "status", "status": 400, "body": body},
            "times": None,
        }
        for row in rows
    ]
    emulator.post("faults", rules=rules)


def counts(batch: Batch) -> Counts:
    batch.refresh_from_db()
    return queries.counts(Scope.system(), batch)


def confirmed(batch: Batch, number: int) -> Callable[[], bool]:
    return lambda: counts(batch).done >= number


def test_many_renamed_by_file_with_mistakes_refusals_a_pause_and_a_kill(
    emulator: Emulator, browser: Client, person: User, start_worker: Callable[[], Worker]
) -> None:
    rows = some(LINES)
    assert len(rows) == LINES
    refused = rows[80 : 80 + REFUSED]
    refuse_upstream(emulator, refused)
    worker = start_worker()

    upload = SimpleUploadedFile("noms.csv", table(rows), content_type="text/csv")
    answer = browser.post("/subscriptions/rename/", {"table": upload})
    assert answer.status_code == 302, answer.content.decode()
    batch = Batch.objects.latest("pk")
    address = f"/batches/{batch.pk}/"
    assert answer["Location"] == address
    until(lambda: counts(batch).todo == GOOD and batch.state == "ready", "the rows to be checked")
    page = browser.get(address).content.decode()
    assert f"Rename {GOOD} subscriptions?" in page
    assert f"{BAD} lines of the file cannot be used" in page
    assert [told["line"] for told in batch.left_out] == [12, 22, 32, 42, 52, 62, 72]
    assert emulator.writes() == [], "nothing is sent before it is confirmed"

    browser.post(f"{address}start/", {"seen": f"{GOOD}"})
    assert counts(batch).done == 0 == batch.commands.count(), "not without leaving them out"
    browser.post(f"{address}start/", {"seen": f"{GOOD}", "leave_out": "on"})
    until(confirmed(batch, 30), "the first rows to be confirmed")
    browser.post(f"{address}pause/")
    worker.kill()
    at_rest = counts(batch)
    assert batch.state == "paused"
    assert at_rest.done < GOOD
    assert at_rest.under_way <= 20, "never more than a portion is queued"

    browser.post(f"{address}resume/")
    Command.objects.filter(state="sending").update(lease_until="2020-01-01T00:00:00Z")
    start_worker()
    tasks.sweep()
    for number in range(50, DONE, 40):
        until(confirmed(batch, number), f"{number} rows")
    until(lambda: counts(batch).todo == 0, "the last rows to be asked")
    tasks.sweep()
    until(lambda: counts(batch).settled == GOOD, "all rows to settle")
    tasks.sweep()
    until(lambda: counts(batch).settled == GOOD and batch.state == "finished", "its end")
    assert (counts(batch).done, counts(batch).failed) == (DONE, REFUSED)
    _each_once(emulator, rows, refused)
    _result_is_right(browser, batch, rows, refused)
    _is_told_in_french(browser, person, batch, refused)


def _each_once(emulator: Emulator, rows: list[Subscription], refused: list[Subscription]) -> None:
    """Every good line reached Partner Center under one request id, and the names are there."""
    ids: dict[str, set[str]] = {}
    for write in emulator.writes():
        ids.setdefault(write["path"].rpartition("/")[2].lower(), set()).add(write["request_id"])
    assert len(ids) == GOOD
    assert {len(seen) for seen in ids.values()} == {1}
    for number in (0, 75, LINES - 1):
        row = rows[number]
        found = emulator.get("dump", customer=row.customer_pc_id, subscription=row.pc_id)
        row.refresh_from_db()
        assert found["subscription"]["friendlyName"] == f"Nom nº {number}" == row.friendly_name
    for row in refused:
        name = row.friendly_name
        row.refresh_from_db()
        assert row.friendly_name == name


def _result_is_right(
    browser: Client, batch: Batch, rows: list[Subscription], refused: list[Subscription]
) -> None:
    answer: Any = browser.get(f"/batches/{batch.pk}/result/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    told = list(csv.DictReader(io.StringIO(text)))
    assert len(told) == LINES
    assert [int(line["Line"]) for line in told] == sorted(int(line["Line"]) for line in told)
    by_state: dict[str, list[dict[str, str]]] = {}
    for line in told:
        by_state.setdefault(line["State"], []).append(line)
    assert {state: len(lines) for state, lines in by_state.items()} == {
        "Confirmed": DONE,
        "Failed": REFUSED,
        "Left out": BAD,
    }
    assert {line["ID"] for line in by_state["Failed"]} == {row.pc_id for row in refused}
    assert {line["Code"] for line in by_state["Failed"]} == {"900277"}
    assert all(line["Correlation ID"] for line in by_state["Failed"])
    assert by_state["Left out"][0]["Problem"].startswith("Subscription ID: “not an id”")
    assert by_state["Confirmed"][0]["Asked"] == "Nom nº 0"


def _is_told_in_french(
    browser: Client, person: User, batch: Batch, refused: list[Subscription]
) -> None:
    """Every page of the flow to a person who reads French: no sentence of ours stays English."""
    User.objects.filter(pk=person.pk).update(language="fr")
    address = f"/batches/{batch.pk}/"
    page = html.unescape(browser.get(address).content.decode())
    assert 'lang="fr"' in page
    for word in ("Fini", "Renommer", "7 lignes du fichier", f"Confirmé {DONE}", "Échec 3"):
        assert word in re.sub(r"\s*<[^>]+>\s*", " ", page), word
    failed = html.unescape(browser.get(f"{address}?rows=failed").content.decode())
    for row in refused:
        assert row.pc_id in failed
    listed = browser.get("/batches/").content.decode()
    upload = browser.get("/subscriptions/rename/").content.decode()
    status = browser.get(f"{address}status/").content.decode()
    for text in (page, failed, listed, upload, status):
        for english in (
            "Rename",
            "rows",
            "Result file",
            "outcome",
            "Confirmed",
            "Failed",
            "Batches",
        ):
            assert english not in _visible(text), english
    answer: Any = browser.get(f"{address}result/")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Ligne,")
    assert sum("Confirmé" in line for line in lines) == DONE


def _visible(page: str) -> str:
    """What stands between the tags of the page's own part."""
    own = page.partition("<main")[2] or page
    return re.sub(r"<[^>]+>", " ", html.unescape(own))


def test_a_single_change_is_quick_while_many_rows_wait(
    portal: Connection, person: User, start_worker: Callable[[], Worker]
) -> None:
    Connection.objects.filter(pk=portal.pk).update(limits={"subscriptions": DOCUMENTED})
    rows = some(LINES)
    actor, scope = Actor.for_user(person), Scope.for_user(person)
    wish = capturing.Wish(verb=actions.RENAME)
    targets = [
        capturing.Target(row, subscriptions.label(row), {"name": f"New {row.pk}"})
        for row in rows[:-1]
    ]
    batch = capturing.capture(actor, scope, wish, targets)
    checking.check(batch.pk)
    batch.refresh_from_db()
    start_worker()
    with transaction.atomic():
        steering.start(actor, scope, batch, seen=LINES - 1)
    until(confirmed(batch, 20), "the batch to be under way")
    begun = time.monotonic()
    with transaction.atomic():
        single = actions.rename(actor, scope, rows[-1], "At once", Asked())
    until(lambda: settled(single), "the single change")
    waited = time.monotonic() - begun
    assert single.state == "succeeded"
    assert counts(batch).todo > 20, "most of the batch is still to come"
    assert waited < 3.0, f"{waited:.1f} s"
    with transaction.atomic():
        steering.cancel(actor, scope, batch)
    until(lambda: counts(batch).under_way == 0, "what was queued to be sent")
