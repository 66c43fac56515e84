"""Webhooks from end to end: registered in the browser, sent by the emulator, checked by a real worker."""

import os
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from celery.app import app_or_default
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from orders.models import Subscription
from portal.activity.models import AuditMatch, AuditRecord
from portal.celery import app
from portal.connections.models import Connection
from portal.mirror.models import DirtyMark, WebhookEvent
from tests.flows.test_seat_change import ask_for_five_more
from tests.people import make_person
from tests.portal_processes import Emulator, Worker, settled, until

pytestmark = pytest.mark.xdist_group("flows")


@pytest.fixture(autouse=True)
def queue_of_the_portal() -> Iterator[None]:
    """The server's threads tell the portal's own queue, as under portal.wsgi."""
    before = app_or_default()
    app.set_default()
    yield
    before.set_default()


@pytest.fixture
def page(open_at: Callable[..., Page], server: LiveServer) -> Page:
    """An administrator's browser."""
    ada = make_person("ada", "administrator")
    return open_at(server.url, ada, viewport={"width": 1440, "height": 900})


def asked(emulator: Emulator) -> dict[str, int]:
    found: dict[str, int] = emulator.get("log")["by_operation"]
    return found


def assert_good_for_everybody(page: Page) -> None:
    """No fault that axe finds, and nothing beside the page on a telephone."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    look(page, f"{page.title()[:8]}-360")
    page.set_viewport_size({"width": 1440, "height": 900})


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for them."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_forged_one_is_refused_and_a_genuine_one_reads_one_subscription(
    portal: Connection, emulator: Emulator, start_worker: Callable[[], Worker], page: Page
) -> None:
    start_worker()
    page.goto(f"/settings/webhooks/{portal.name}/")
    look(page, "before")
    page.get_by_role("button", name="Register").click()
    page.get_by_text("Confirmed").first.wait_for()
    page.get_by_role("heading", name="Registered at Partner Center").wait_for()
    look(page, "registered")
    kept = emulator.get("webhooks")["registration"]
    assert kept["WebhookUrl"].endswith(f"/webhooks/partner-center/{portal.name}/")

    page.reload()
    page.get_by_role("button", name="Send a test event").click()
    page.get_by_text("Arrived, signature right").wait_for()
    page.get_by_text("Delivered").wait_for()

    row = Subscription.objects.filter(status="active", unit_type="Licenses", is_trial=False)[0]
    about = {"customer": row.customer_pc_id, "subscription": row.pc_id}
    emulator.forget_calls()
    assert emulator.post("webhooks", kind="foreign-host", **about)["statuses"] == [401]
    assert emulator.post("webhooks", kind="forged", **about)["statuses"] == [200]
    until(lambda: not WebhookEvent.objects.filter(state="received").exists(), "the verdict")
    assert asked(emulator) == {}  # the certificate was known from the test event
    page.goto(f"/settings/webhooks/{portal.name}/?state=refused")
    page.get_by_text("the certificate stands on a foreign host; nothing was downloaded").wait_for()
    page.get_by_text("the signature does not fit the body").wait_for()
    look(page, "refused")
    assert_good_for_everybody(page)

    older = list(DirtyMark.objects.values_list("pk", flat=True))
    (change,) = emulator.post("change", kinds=["quantity"])["changes"]
    changed = Subscription.objects.get(pc_id=change["subscription"])
    wanted = change["now"]["quantity"]
    until(lambda: refreshed(changed) == wanted, "the changed subscription to be read")
    marked = DirtyMark.objects.exclude(pk__in=older)
    until(lambda: not marked.exists(), "the mark to be settled")
    assert asked(emulator) == {"GET_SUBSCRIPTION": 1}

    call_command("sync", portal.name, changes=True, json=True, stdout=StringIO())
    page.goto("/activity/")
    page.locator("tbody").get_by_text("Not by us").first.wait_for()
    page.locator("tbody").get_by_text("Webhook refused").first.wait_for()
    look(page, "activity")
    assert_good_for_everybody(page)


def refreshed(row: Subscription) -> int | None:
    row.refresh_from_db()
    return row.quantity


def test_our_own_change_is_recognised_among_partner_centers_records(
    portal: Connection, emulator: Emulator, start_worker: Callable[[], Worker]
) -> None:
    call_command("sync", portal.name, changes=True, json=True, stdout=StringIO())
    known = list(AuditRecord.objects.values_list("pk", flat=True))
    start_worker()
    _row, command = ask_for_five_more(portal)
    until(lambda: settled(command), "the change to be confirmed")
    assert command.state == "succeeded"
    emulator.post("change", kinds=["quantity"])
    call_command("sync", portal.name, changes=True, json=True, stdout=StringIO())
    joined = AuditMatch.objects.get(entry__command_id=command.pk)
    assert joined.certainty == "same"
    assert joined.entry.kind == "subscription.change_quantity.confirmed"
    assert joined.audit.resource_pc_id == command.target_pc_id
    others = AuditRecord.objects.filter(connection=portal).exclude(pk__in=[*known, joined.audit_id])
    assert others.exists()
    assert not AuditMatch.objects.filter(audit__in=others).exists()
