"""From a file with a mistake to a batch under way in Chromium: told, left out knowingly, watched, paused.

And a batch that waits: the second person sees what it is about, decides once, and all of it goes out.
"""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import FilePayload, Page, expect

from orders import actions
from orders.bulk import subscriptions
from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import queue, tasks
from portal.outbox.approvals import rules
from portal.outbox.batches import capturing
from portal.outbox.batches.capturing import Target, Wish
from portal.outbox.models import Batch
from portal.outbox.states import State
from tests.browser.words import Words
from tests.people import Estate, make_estate, make_person, make_subscription

PageOf = Callable[[User], Page]


@pytest.fixture
def estate(transactional_db: None) -> Estate:
    """In place of the shared one: a browser needs rows that are committed."""
    return make_estate()


@pytest.fixture
def words(request: pytest.FixtureRequest) -> Words:
    """The language of a test; the approval of single changes and the long flow are read in the other."""
    return Words(request.param)


@pytest.fixture
def page_of(open_for: Callable[..., Page], words: Words) -> PageOf:
    """A page for each person, in the language."""

    def opened(user: User) -> Page:
        User.objects.filter(pk=user.pk).update(language=words.language)
        return open_for(user)

    return opened


def several(words: Words, singular: str, plural: str, n: int) -> str:
    """Wording of a template whose number is already written out."""
    with translation.override(words.language):
        return translation.ngettext(singular, plural, n) % {"shown": n}


def with_guids(estate: Estate, number: int) -> list[Subscription]:
    rows = []
    for n in range(number):
        row = make_subscription(estate.of_fabrikam, estate.fabrikam, f"N{n}")
        row.pc_id = f"6a8f3c9e-0000-4000-8000-{n:012}"
        row.save()
        rows.append(row)
    return rows


def upload(page: Page, rows: list[Subscription], words: Words) -> None:
    lines = ["subscription id;new name", *(f"{row.pc_id};Name {row.pk}" for row in rows)]
    content = "\n".join([*lines, "nonsense;x"]).encode("utf-16")
    page.get_by_role("link", name=words.exact("Rename by file")).click()
    file: FilePayload = {"name": "names.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label(words("CSV file")).set_input_files(file)
    page.get_by_role("button", name=words.exact("Read and check")).click()


@pytest.mark.parametrize("words", ["fr"], indirect=True)
def test_a_file_becomes_a_batch_that_is_watched(
    page_of: PageOf, estate: Estate, words: Words
) -> None:
    rows = with_guids(estate, 3)
    page = page_of(make_person("bob", "sales", estate.connection, estate.fabrikam))

    page.goto("/batches/")
    upload(page, rows, words)
    page.get_by_text(words("Being checked")).first.wait_for()
    batch = Batch.objects.get()
    tasks.check_batch(batch.pk)
    # The page notices by itself that the check is over.
    title = words.plural("Rename %(n)s subscription?", "Rename %(n)s subscriptions?", 3)
    page.get_by_role("heading", name=title).wait_for()
    told = words("“%(text)s” is no subscription ID. It looks like 6a8f3c9e-….")
    assert page.get_by_text(told % {"text": "nonsense"}).is_visible()
    knowingly = several(
        words,
        "Leave out the %(shown)s line with an error",
        "Leave out the %(shown)s lines with errors",
        1,
    )
    page.get_by_label(knowingly).check()
    button = words.plural("Rename %(n)s subscription", "Rename %(n)s subscriptions", 3)
    page.get_by_role("button", name=button).click()
    page.get_by_role("button", name=words.exact("Pause")).wait_for()
    tasks.feed_batch(batch.pk)
    first = batch.commands.order_by("pk")[0]
    queue.move(first.pk, State.SENDING, among=(State.QUEUED,))
    queue.move(first.pk, State.SUCCEEDED, among=(State.SENDING,))
    settled = words("%(settled)s of %(total)s have an outcome") % {"settled": 1, "total": 3}
    page.get_by_text(settled).wait_for()
    page.get_by_role("link", name=f"{words('Confirmed')} 1").click()
    expect(page.locator("#batch-live tbody tr")).to_have_count(1)
    page.get_by_role("button", name=words.exact("Pause")).click()
    page.get_by_role("button", name=words.exact("Resume")).wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name=words("Result file")).click()
    assert download.value.suggested_filename.startswith(f"batch-{batch.pk}-")


def captured(by: User, rows: list[Subscription]) -> Batch:
    targets = [Target(row, subscriptions.label(row)) for row in rows]
    wish = Wish(verb=actions.SUSPEND)
    batch = capturing.capture(Actor.for_user(by), Scope.for_user(by), wish, targets)
    tasks.check_batch(batch.pk)
    return batch


@pytest.mark.parametrize("words", ["en"], indirect=True)
def test_a_whole_batch_waits_for_a_second_person(
    page_of: PageOf, estate: Estate, words: Words
) -> None:
    alice = make_person("alice", "distributor-admin", estate.connection)
    bob = make_person("bob", "sales", estate.connection, estate.fabrikam)
    carol = make_person("carol", "reseller-admin", estate.connection, estate.fabrikam)
    values = {"name": "Large ones", "connection": estate.connection, "least_seats": 10}
    rules.make(Actor.for_user(alice), Scope.for_user(alice), values)
    batch = captured(bob, with_guids(estate, 3))
    address = reverse("batch", args=[batch.pk])

    page = page_of(bob)
    page.goto(address)
    expect(page.locator("#main")).to_contain_text("Large ones")
    button = words.plural("Suspend %(n)s subscription", "Suspend %(n)s subscriptions", 3)
    page.get_by_role("button", name=button).click()
    expect(page.locator("#main")).to_contain_text(words("Awaiting approval"))
    tasks.feed_batch(batch.pk)
    assert batch.commands.count() == 0

    page = page_of(carol)
    page.goto(reverse("approvals"))
    page.get_by_role("link", name=words("Suspend subscription")).click()
    page.wait_for_url(f"**{address}")
    main = page.locator("#main")
    for told in (words("Seats in all"), "30", "Large ones"):
        expect(main).to_contain_text(told)
    expect(page.locator("#batch-live tbody tr")).to_have_count(3)
    expect(main).not_to_contain_text(words("Cost, net"))
    approve = several(
        words, "Approve and send %(shown)s change", "Approve and send %(shown)s changes", 3
    )
    page.get_by_role("button", name=approve).click()
    page.get_by_role("button", name=approve).wait_for(state="detached")
    tasks.feed_batch(batch.pk)
    assert set(batch.commands.values_list("state", "approved_by")) == {("queued", carol.pk)}

    page = page_of(alice)
    page.goto(reverse("activity"))
    expect(page.locator("#main tr", has_text="Large ones").first).to_be_visible()
