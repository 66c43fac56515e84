"""The path of the house in both languages: sign in, find, change, see it confirmed, read who did it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect
from playwright.sync_api import Request as PageRequest

from orders.models import Subscription
from portal.activity.models import Entry
from portal.connections.models import Connection
from portal.outbox.models import Command
from tests.browser.conftest import Portal, sign_in
from tests.browser.words import Words
from tests.portal_processes import until

ENGLISH = Words("en")
Open = Callable[..., Page]

# Where the dialog's buttons are after each part that came into it.
WATCH_THE_FOOTER = """() => {
    window.places = [];
    document.addEventListener("htmx:afterSwap", () => {
        const footer = document.querySelector("dialog[open] footer");
        if (footer) window.places.push(footer.getBoundingClientRect().top);
    });
}"""


def leave_it_to_the_dialog(route: Route) -> None:
    """The page itself does not ask for the details."""
    if "place=page" in (route.request.post_data or ""):
        route.fulfill(status=204)
    else:
        route.continue_()


def ask_for(page: Page, seats: str, words: Words = ENGLISH) -> None:
    """Type a number of seats on a subscription's page and open the dialog."""
    page.get_by_label(words("New total or difference")).fill(seats)
    page.get_by_role("button", name=words.exact("Change seats")).click()


def stays(page: Page) -> None:
    """Mark this page: a reload takes the mark away."""
    page.evaluate("window.stayed = true")


def has_stayed(page: Page) -> bool:
    return bool(page.evaluate("window.stayed === true"))


@pytest.mark.parametrize(("language", "person"), [("en", "alice"), ("fr", "amelie")])
def test_from_signing_in_to_reading_who_did_it(
    portal: Portal, open_as: Open, language: str, person: str
) -> None:
    words = Words(language)
    row = portal.subscription()
    customer, before = row.customer, row.quantity
    assert customer is not None
    page = open_as(None, locale={"en": "en-GB", "fr": "fr-FR"}[language])

    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    sign_in(page, portal.people[person].email, button=words("Sign in"))
    expect(page.get_by_role("heading", level=1)).to_have_text(words("What needs you today"))

    page.wait_for_load_state()  # the keys are the script's
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox").first).to_be_focused()
    page.keyboard.type(customer.name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("link", name=customer.name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(customer.name)
    page.get_by_role("main").get_by_role("link", name=words("Subscriptions"), exact=True).click()
    page.locator(f"a[href='{row.get_absolute_url()}']").click()

    ask_for(page, "+5", words)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{before} → {before + 5}")
    dialog.get_by_role("textbox").fill("New colleagues in Lyon")
    stays(page)
    add = words.plural("Add %(n)s seat", "Add %(n)s seats", 5)
    dialog.get_by_role("button", name=add).click()

    state = page.locator(".change-state")
    expect(state).to_be_visible()
    assert not has_stayed(page)  # the form's own answer is a page …
    stays(page)
    expect(state.locator(".st")).to_have_text(words("Confirmed"))
    expect(page.locator("#seats")).to_have_value(str(before + 5))
    assert has_stayed(page)  # … which then renews itself
    changed = portal.emulator.seats(row.customer_pc_id, row.pc_id)
    assert changed == before + 5

    page.get_by_role("navigation").get_by_role("link", name=words("Changes")).click()
    line = page.get_by_role("row").filter(has_text=row.friendly_name).first
    expect(line).to_contain_text(person.title())
    line.get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text("New colleagues in Lyon")
    expect(page.locator("ins").last).to_have_text(str(before + 5))

    page.get_by_role("navigation").get_by_role("link", name=words("Activity")).click()
    command = Command.objects.get(target_type="subscription", target_id=row.pk)
    entry = Entry.objects.filter(command_id=command.pk).earliest("pk")
    page.locator(f"a[href='/activity/{entry.pk}/']").click()
    opened = page.locator("tr.under")
    expect(opened.locator("del").first).to_have_text(str(before))
    expect(opened.locator("ins").first).to_have_text(str(before + 5))


def test_suspending_says_first_what_it_does(portal: Portal, open_as: Open) -> None:
    row = portal.subscription(detail_observed_at=None)
    page = open_as("alice")
    page.route("**/detail/", leave_it_to_the_dialog)
    page.goto(row.get_absolute_url())
    page.evaluate(WATCH_THE_FOOTER)
    page.get_by_role("link", name="Suspend", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Billing goes on while it is suspended.")
    expect(dialog).to_contain_text("The details are read now")
    places = page.evaluate("window.places")
    assert places
    assert places == sorted(places), "no button moves away under a pointer"
    dialog.get_by_role("button", name="Back").click()
    expect(dialog).to_be_hidden()
    assert not Command.objects.filter(target_type="subscription", target_id=row.pk).exists()

    page.get_by_role("link", name="Suspend", exact=True).click()
    dialog.get_by_role("button", name="Suspend, keep paying").click()
    expect(page.locator(".change-state .st")).to_have_text("Confirmed")
    expect(page.locator(".head .badge").first).to_have_text("Suspended")
    expect(page.get_by_role("link", name="Reactivate", exact=True)).to_be_visible()
    row.refresh_from_db()
    assert row.status == "suspended"


def test_text_instead_of_a_number_is_answered_where_it_was_typed(
    portal: Portal, open_as: Open
) -> None:
    row = portal.subscription()
    page = open_as("alice")
    page.goto(row.get_absolute_url())
    ask_for(page, "twelve")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_have_text(
        "Write digits only: a total (12) or a difference (+5, -3)."
    )
    field = dialog.get_by_label("Seats")
    expect(field).to_have_value("twelve")
    field.fill("+1")
    dialog.get_by_role("button", name="Go on").click()
    expect(dialog.get_by_role("button", name="Add 1 seat")).to_be_visible()
    expect(dialog.get_by_role("alert")).to_have_count(0)
    assert not Command.objects.filter(target_type="subscription", target_id=row.pk).exists()


def test_fewer_seats_than_can_be_taken_back(portal: Portal, open_as: Open) -> None:
    long_ago = timezone.now() - timedelta(days=60)
    row = portal.subscription(effective_start_date__lt=long_ago, quantity__gt=5)
    page = open_as("alice")
    page.goto(row.get_absolute_url())
    with page.expect_navigation():
        page.get_by_role("button", name="Refresh now").click()
    rows = Subscription.objects.filter(pk=row.pk, refundable_lots__isnull=False)
    until(rows.exists, "a worker to read which seats can be taken back")
    page.reload()
    expect(page.get_by_role("table").first).to_contain_text("until the term ends")
    ask_for(page, "1")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_label("Seats")).to_have_value("1")
    assert not Command.objects.filter(target_type="subscription", target_id=row.pk).exists()
    assert portal.emulator.seats(row.customer_pc_id, row.pc_id) == row.quantity


def test_read_only_shows_what_would_have_been_sent(
    portal: Portal, open_as: Open, read_only: None
) -> None:
    row = portal.subscription()
    portal.emulator.forget_calls()
    page = open_as("alice")
    page.goto(row.get_absolute_url())
    ask_for(page, "+2")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("nothing is sent")
    dialog.get_by_role("button", name="Add 2 seats").click()
    state = page.locator(".change-state")
    expect(state).to_contain_text("nothing was sent")
    state.get_by_role("link").click()
    expect(page.locator("pre")).to_contain_text(f'"quantity": {row.quantity + 2}')
    assert portal.emulator.writes() == []
    assert Subscription.objects.get(pk=row.pk).quantity == row.quantity


@pytest.fixture
def read_only(portal: Portal):
    """The connection sends nothing during this test."""
    Connection.objects.filter(pk=portal.connection.pk).update(mode="read_only")
    yield
    Connection.objects.filter(pk=portal.connection.pk).update(mode="live")


def test_what_is_typed_outlives_the_pages_own_renewal(portal: Portal, open_as: Open) -> None:
    row = portal.subscription(detail_observed_at__isnull=True)
    # A reading that was over before its page came would renew nothing.
    slow = {"match": {"operation": "GET_SUBSCRIPTION"}, "action": {"kind": "slow", "seconds": 1}}
    portal.emulator.post("faults", rules=[slow | {"times": 2}])
    page = open_as("alice")
    held: list[Route] = []

    def renews(request: PageRequest) -> bool:
        return request.headers.get("hx-target") == "main"

    def hold(route: Route) -> None:
        held.append(route) if renews(route.request) else route.continue_()

    page.route(f"**{row.get_absolute_url()}", hold)
    typed = page.locator("#seats")
    for again in (False, True):
        with page.expect_request(renews):
            if again:
                page.get_by_role("button", name="Refresh now").click()
            else:
                page.goto(row.get_absolute_url())
        page.locator("#main").evaluate("main => { main.dataset.old = 'yes' }")
        typed.fill("+17")
        page.keyboard.press("ArrowLeft")
        held.pop().continue_()
        expect(page.locator("#main[data-old]")).to_have_count(0)
        expect(page.locator("#age")).to_contain_text("just now")
        expect(typed).to_have_value("+17")
        expect(typed).to_be_focused()
        page.keyboard.type("0")
        expect(typed).to_have_value("+107")
    expect(page.get_by_role("button", name="Read the details")).to_have_count(0)
