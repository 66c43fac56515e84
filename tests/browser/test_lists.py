"""Lists and the palette in Chromium: by keyboard, under the strict policy, without losing a filter."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.access import search
from portal.access.models import User
from tests.people import Estate, make_customer, make_estate, make_person


@pytest.fixture
def estate_and_seller(transactional_db: None) -> tuple[Estate, User]:
    estate = make_estate()
    for number in range(30):
        make_customer(estate.connection, f"Customer {number:02}", estate.fabrikam)
    for kind in search.kinds():
        search.reindex(kind)
    return estate, make_person("alice", "distributor-admin", estate.connection)


@pytest.fixture
def page(estate_and_seller, open_for: Callable[..., Page]) -> Page:
    """A browser in which Alice is signed in."""
    _estate, alice = estate_and_seller
    opened = open_for(alice, viewport={"width": 1280, "height": 900})
    opened.goto(reverse("customers"))
    return opened


def test_the_palette_goes_and_acts_by_keyboard_alone(page: Page, estate_and_seller) -> None:
    estate, _alice = estate_and_seller
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Go to, or do")
    expect(field).to_be_focused()
    field.fill("e3 of adatum")
    first = page.locator("#palette [role=option]").first
    expect(first).to_contain_text("E3 of Adatum")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#palette [aria-selected=true]")
    expect(chosen).to_contain_text("…")
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    while "Suspend" not in (chosen.text_content() or ""):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/subscriptions/{estate.fabrikam_seats.pk}/suspend/")
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search everything")).to_be_focused()


def test_a_slash_right_after_the_palette_goes_to_the_search_field(page: Page) -> None:
    """Before the page is drawn again, the field of the closed palette has the focus still."""
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Go to, or do")).to_be_focused()
    before, after = page.evaluate(
        """() => {
            const focused = () => document.activeElement.closest("#palette, [data-search]")?.id;
            document.getElementById("palette").close();
            const before = focused();
            const slash = new KeyboardEvent("keydown", {key: "/", bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(slash);
            return [before, focused()];
        }"""
    )
    assert (before, after) == ("palette", "search-all")


def test_rows_columns_and_views_work_together(page: Page) -> None:
    bar = page.get_by_role("form", name="Selected rows")
    expect(bar).not_to_be_visible()
    page.get_by_role("searchbox", name="Filter customers").fill("customer country:FR")
    expect(page.get_by_text("1–30 of 30")).to_be_visible()
    page.get_by_role("checkbox", name="Select the rows of this page").check()
    expect(bar).to_contain_text("30 selected")
    page.get_by_role("checkbox", name="Select Customer 00").uncheck()
    expect(bar).to_contain_text("29 selected")
    page.get_by_text("All 30 that match").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as XLSX").click()
    assert download.value.suggested_filename.endswith(".xlsx")

    page.get_by_text("Columns", exact=False).first.click()
    page.get_by_role("checkbox", name="Tenant ID").check()
    page.get_by_role("button", name="Move Country up").click()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("columnheader", name="Tenant ID")).to_be_visible()
    heads = page.get_by_role("columnheader").all_text_contents()
    assert heads.index("Country") < heads.index("Indirect resellers")

    page.get_by_text("Save this view").click()
    page.get_by_label("Name", exact=True).fill("In France")
    page.get_by_role("button", name="Save", exact=True).click()
    current = page.get_by_role("list", name="Saved views").locator("[aria-current=page]")
    expect(current).to_have_text("In France 30")
    page.get_by_role("searchbox", name="Filter customers").fill("customer 07")
    expect(page.get_by_text("1–1 of 1")).to_be_visible()
    assert "view=" in page.url
    page.reload()
    expect(page.get_by_text("1–1 of 1")).to_be_visible()
