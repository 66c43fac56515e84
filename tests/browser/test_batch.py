"""From a file with a mistake to a batch under way in Chromium: told, left out knowingly, watched, paused."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import FilePayload, Page, Playwright

from orders.models import Subscription
from portal.outbox import queue, tasks
from portal.outbox.models import Batch
from portal.outbox.states import State
from tests.people import Estate, make_estate, make_person, make_subscription
from tests.servers import chromium

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


@pytest.fixture
def estate(transactional_db: None) -> Estate:
    """In place of the shared one: a browser needs rows that are committed."""
    return make_estate()


def with_guids(estate: Estate, number: int) -> list[Subscription]:
    rows = []
    for n in range(number):
        row = make_subscription(estate.of_fabrikam, estate.fabrikam, f"N{n}")
        row.pc_id = f"6a8f3c9e-0000-4000-8000-{n:012}"
        row.save()
        rows.append(row)
    return rows


def upload(page: Page, rows: list[Subscription]) -> None:
    lines = ["subscription id;new name", *(f"{row.pc_id};Name {row.pk}" for row in rows)]
    content = "\n".join([*lines, "nonsense;x"]).encode("utf-16")
    page.get_by_role("link", name="Rename by file").click()
    file: FilePayload = {"name": "names.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Read and check").click()


@pytest.mark.browser
def test_a_file_becomes_a_batch_that_is_watched(
    playwright: Playwright, live_server: Any, estate: Estate
) -> None:
    rows = with_guids(estate, 3)
    client = Client()
    client.force_login(make_person("bob", "sales", estate.connection, estate.fabrikam))
    complaints: list[str] = []
    browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    context = browser.new_context(base_url=live_server.url)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto("/batches/")
    upload(page, rows)
    page.get_by_text("Being checked").first.wait_for()
    batch = Batch.objects.get()
    tasks.check_batch(batch.pk)
    # The page notices by itself that the check is over.
    page.get_by_role("heading", name="Rename 3 subscriptions?").wait_for()
    assert page.get_by_text("is no subscription ID").is_visible()
    page.get_by_label("Leave out the 1 line with an error").check()
    page.get_by_role("button", name="Rename 3 subscriptions").click()
    page.get_by_role("button", name="Pause").wait_for()
    tasks.feed_batch(batch.pk)
    first = batch.commands.order_by("pk")[0]
    queue.move(first.pk, State.SENDING, among=(State.QUEUED,))
    queue.move(first.pk, State.SUCCEEDED, among=(State.SENDING,))
    page.get_by_text("1 of 3 have an outcome").wait_for()
    page.get_by_role("link", name="Confirmed 1").click()
    page.locator("#batch-live tbody tr").first.wait_for()
    assert page.locator("#batch-live tbody tr").count() == 1
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Resume").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Result file").click()
    assert download.value.suggested_filename.startswith(f"batch-{batch.pk}-")
    browser.close()
    assert complaints == []
