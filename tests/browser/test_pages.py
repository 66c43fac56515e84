"""Every page in both languages, light and dark, wide and narrow."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from portal.activity.models import Entry
from portal.outbox.models import Command
from tests.browser.conftest import Portal
from tests.people import make_change

Open = Callable[..., Page]
Looks = tuple[tuple[Any, Any, Any], ...]
AXE = Axe().axe_script
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 360, "height": 740}
# WCAG 2.2 A and AA and what axe calls good practice; then only what a theme or a width can break.
ALL = {"reporter": "no-passes", "preload": False, "iframes": False}
BOTH = ALL | {"runOnly": ["color-contrast", "target-size", "scrollable-region-focusable"]}
SHELL = "#nav, .top"
# Each language in two of the four looks; what no language changes is looked at in English only.
LOOKS: dict[str, Looks] = {
    "en": (("light", WIDE, ALL), ("dark", NARROW, BOTH)),
    "fr": (("dark", WIDE, None), ("light", NARROW, None)),
}
# The menu stands beside the page only where it is wide.
MENU_IN_THE_DARK: Looks = (("dark", WIDE, BOTH),)


def failed_change(portal: Portal) -> Command:
    """A change that waits for a person: also on its subscription's page and on the home page."""
    found = Command.objects.filter(verb="subscription.suspend", state="failed").first()
    refusal = {"code": "800002", "message": "Not now.", "correlation_id": "4c1f", "status": 409}
    row = portal.subscription()
    return found or make_change(
        row, portal.people["alice"], state="failed", error=refusal, settled_at=timezone.now()
    )


def addresses(portal: Portal) -> Iterator[str]:
    """Every page: those of the menu, and one of each object and form."""
    row = portal.subscription()
    assert row.customer is not None
    change = failed_change(portal)
    entry = Entry.objects.latest("pk")
    yield from ("/", f"/search/?q={row.customer.name[:4]}", "/search/?q=nothing-at-all")
    yield from ("/customers/", "/customers/?q=nothing-at-all", row.customer.get_absolute_url())
    yield f"{row.customer.get_absolute_url()}subscriptions/"
    yield from ("/subscriptions/", "/subscriptions/?quantity=x&after=x", row.get_absolute_url())
    for verb in ("quantity/?quantity=x", "quantity/?quantity=%2B5", "suspend/"):
        yield f"{row.get_absolute_url()}{verb}"
    yield from ("/changes/", f"/changes/{change.pk}/", f"/subscriptions/{change.target_id}/")
    yield from ("/activity/", f"/activity/{entry.pk}/")
    yield from ("/settings/connections/", "/settings/connections/new/")
    yield from ("/settings/connections/flow/", "/settings/connections/flow/edit/")
    yield from ("/settings/users/", "/settings/users/new/", "/settings/sync/", "/account/")
    yield f"/settings/users/{portal.people['bob'].pk}/"
    yield from ("/nowhere/", "/sign-out/")


def violations(page: Page, options: dict[str, Any] | None, shell: str) -> list[str]:
    """What axe finds (unless it is not asked), and whether the page itself can be moved sideways."""
    found, sideways = page.evaluate(
        """async ([options, shell]) => {
            const root = document.documentElement;
            const wide = one => one.getBoundingClientRect().right > root.clientWidth + 1;
            const told = one => `${one.tagName} ${one.className} ${one.textContent.slice(0, 60)}`;
            const sideways = root.scrollWidth > root.clientWidth
                ? [...document.querySelectorAll("#main *")].filter(wide).map(told).slice(0, 3)
                : null;
            // The rows of a table are made alike: the first of them tell.
            const context = {exclude: [["tbody tr:nth-child(n + 6)"], [shell]].filter(one => one[0])};
            return [options ? (await axe.run(context, options)).violations : [], sideways];
        }""",
        [options, shell],
    )
    wrong = [
        f"{rule['id']}: {node['target']} {check['message']}"
        for rule in found
        for node in rule["nodes"]
        for check in (*node["any"], *node["all"], *node["none"])
    ]
    return wrong if sideways is None else [*wrong, f"moves sideways: {sideways}"]


def look(page: Page, looks: Looks) -> list[str]:
    """What is wrong with the page in these themes and widths; it begins with the width it has.

    Axe looks at the menu and the top bar on the home page, and where they are not the same as there.
    """
    wrong = []
    shell = "" if urlsplit(page.url).path == "/" else SHELL
    if any(options for _scheme, _size, options in looks) and not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    for scheme, size, options in sorted(looks, key=lambda one: one[1] != page.viewport_size):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if page.viewport_size != size:
            page.set_viewport_size(size)
        wrong += [f"{scheme} {size['width']}: {text}" for text in violations(page, options, shell)]
    return wrong


@pytest.mark.parametrize(("language", "person"), [("en", "alice"), ("fr", "amelie")])
def test_every_page(portal: Portal, open_as: Open, language: str, person: str) -> None:
    page = open_as(person)
    wrong: dict[str, list[str]] = {}
    for address in addresses(portal):
        page.goto(address)
        at_home = address == "/" and language == "en"
        looks = LOOKS[language] + (MENU_IN_THE_DARK if at_home else ())
        found = structure(page, language) + look(page, looks)
        if found:
            wrong[address] = found
    assert wrong == {}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_sign_in_page(portal: Portal, open_as: Open, language: str) -> None:
    page = open_as(None, locale={"en": "en-GB", "fr": "fr-FR"}[language])
    page.goto("/")
    assert page.url.startswith(f"{portal.url}/sign-in/")
    found = structure(page, language)
    page.locator("button[type=submit]").first.click()  # empty: with its errors
    page.wait_for_load_state()
    found += look(page, LOOKS[language])
    assert found == []


def structure(page: Page, language: str) -> list[str]:
    """What every page has: its language, a title and one main heading."""
    lang, title, headings = page.evaluate(
        "() => [document.documentElement.lang, document.title,"
        " document.querySelectorAll('h1').length]"
    )
    wrong = [] if lang == language else ["lang"]
    if not title.removesuffix("· CSP Portal").strip():
        wrong.append("title")
    if headings != 1:
        wrong.append(f"{headings} h1")
    return wrong
