"""The pages by keyboard, without JavaScript, and with the browser's own Back."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from portal.outbox.models import Command
from tests.browser.conftest import Portal

Open = Callable[..., Page]


def focused(page: Page) -> str:
    """The id of what has the focus, or its text."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.innerText"))


def test_the_first_tab_skips_to_the_content(portal: Portal, open_as: Open) -> None:
    page = open_as("alice")
    page.goto("/customers/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert focused(page) == "main"
    page.keyboard.press("/")
    assert focused(page) == "search-all"
    page.keyboard.type("/")  # in a field it is a character
    expect(page.locator("#search-all")).to_have_value("/")


def test_a_dialog_keeps_the_focus_and_gives_it_back(portal: Portal, open_as: Open) -> None:
    row = portal.subscription()
    page = open_as("alice")
    page.goto(row.get_absolute_url())
    opener = page.get_by_role("link", name="Suspend", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Suspend, keep paying")).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Tab")
        # The browser's own controls are the only other stop of a modal dialog.
        assert page.evaluate(
            "document.activeElement === document.body"
            " || document.querySelector('dialog[open]').contains(document.activeElement)"
        )
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    assert not Command.objects.filter(target_type="subscription", target_id=row.pk).exists()


def test_the_menus_open_and_close_by_keyboard(portal: Portal, open_as: Open) -> None:
    page = open_as("alice", viewport={"width": 360, "height": 740})
    page.goto("/customers/")
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    page.get_by_role("link", name="Open menu").focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    menu.get_by_role("link", name="Subscriptions").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Subscriptions")
    expect(menu).to_be_hidden()

    person = page.locator("summary.who")
    person.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(person).to_be_focused()


def test_back_from_a_row_shows_the_filtered_page(portal: Portal, open_as: Open) -> None:
    row = portal.subscription()
    assert row.customer is not None
    page = open_as("alice")
    page.goto("/customers/")
    rows = page.locator("tbody tr")
    everything = rows.count()
    page.locator("main input[name=q]").fill(row.customer.name)
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile(r"[?&]q="))
    page.get_by_role("link", name=row.customer.name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(row.customer.name)
    page.go_back()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    expect(rows).to_have_count(1)
    expect(page.locator("main input[name=q]")).to_have_value(row.customer.name)
    page.get_by_role("link", name="Clear all").click()
    expect(rows).to_have_count(everything)


def test_without_javascript_lists_and_verbs_work(portal: Portal, open_as: Open) -> None:
    row = portal.subscription()
    page = open_as("alice", java_script_enabled=False)
    page.goto("/subscriptions/")
    page.locator("main input[name=q]").fill(row.friendly_name)
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]q="))
    page.locator("thead a").first.click()
    page.locator(f"tbody a[href='{row.get_absolute_url()}']").click()
    page.get_by_label("New total or difference").fill("many")
    page.get_by_role("button", name="Change seats").click()
    expect(page.get_by_role("alert")).to_contain_text("Write digits only")
    page.get_by_label("Seats").fill("+1")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Add 1 seat").click()
    expect(page.locator(".change-state")).to_be_visible()
    assert Command.objects.filter(target_type="subscription", target_id=row.pk).count() == 1
    page.goto(f"{row.get_absolute_url()}suspend/")
    expect(page.get_by_role("main")).to_contain_text("Billing goes on while it is suspended.")
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page).to_have_url(re.compile(rf"{row.get_absolute_url()}$"))
