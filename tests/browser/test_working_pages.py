"""Axe on what people work with: lists in use, batches, approvals, notifications, invoices, settings.

The pages of the menu and one of each object are in ``test_pages``; here are the others, and lists with
their menus open, since an open menu is another page to whoever hears it.
"""

from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page, expect

from billing.models import Invoice
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.approvals import rules
from portal.outbox.approvals.models import Rule
from tests.browser.conftest import Portal
from tests.browser.test_pages import ALL, BOTH, NARROW, WIDE, look, structure
from tests.people import make_person

Open = Callable[..., Page]
LOOKS = (("light", WIDE, ALL), ("dark", NARROW, BOTH))
SETTINGS = ("approval-rules/", "mails/", "mail-templates/", "webhooks/flow/")
ACCOUNT = ("notifications/", "sessions/", "tokens/")


def something_waits(portal: Portal, open_as: Open) -> Rule:
    """A change of somebody's that needs a second person: its rule, its notifications and its mails.

    The rule holds for a role that nobody else of this folder has.
    """
    alice = portal.people["alice"]
    values = {"name": "Helpdesk asks", "connection": portal.connection, "role": "helpdesk"}
    rule = rules.make(Actor.for_user(alice), Scope.for_user(alice), values)
    portal.people["hilda"] = make_person("hilda", "helpdesk", portal.connection)
    page = open_as("hilda")
    page.goto(f"{portal.subscription().get_absolute_url()}suspend/")
    page.locator("#main form button[type=submit]").last.click()
    expect(page.locator("#main")).to_contain_text("Awaiting approval")
    page.close()
    return rule


def addresses(portal: Portal, rule: Rule) -> Iterator[str]:
    row = portal.subscription()
    yield from ("/approvals/", f"/settings/approval-rules/{rule.pk}/", "/notifications/")
    yield from (f"/settings/{part}" for part in SETTINGS)
    yield from (f"/account/{part}" for part in ACCOUNT)
    yield from ("/batches/", "/subscriptions/rename/")
    yield f"{row.get_absolute_url()}end-of-term/"
    yield from ("/invoices/", Invoice.objects.latest("pk").get_absolute_url())
    yield from (
        "/external-ids/",
        f"/external-ids/of/customer/{row.customer_id}/",
    )


def test_every_other_page(portal: Portal, open_as: Open) -> None:
    rule = something_waits(portal, open_as)
    page = open_as("alice")
    wrong: dict[str, Any] = {}
    for address in addresses(portal, rule):
        page.goto(address)
        if found := structure(page, "en") + look(page, LOOKS):
            wrong[address] = found
    assert wrong == {}


def test_lists_in_use(portal: Portal, open_as: Open) -> None:
    """Its columns, its views, what is ticked, the palette, and the batch that comes of it."""
    page = open_as("amelie", viewport=WIDE)
    page.goto("/customers/?q=a")
    page.locator("#list-columns summary").click()
    wrong = look(page, (("dark", WIDE, ALL),))
    page.locator("#list-view-save summary").click()
    wrong += look(page, (("light", WIDE, ALL),))
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    wrong += look(page, (("dark", WIDE, ALL),))
    page.goto("/subscriptions/?q=status:active")
    for place in range(2):
        page.locator("#list [name=row]").nth(place).check()
    wrong += look(page, (("light", NARROW, ALL),))
    page.locator("#bulk [formaction$='/suspend/']").click()
    expect(page.locator("#batch-live")).to_be_visible()
    wrong += structure(page, "fr") + look(page, (("light", WIDE, ALL), ("dark", NARROW, BOTH)))
    assert wrong == []
