"""Consent from the connection's page: away to the sign-in page, back, and the page that waits."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from portal.connections.models import ConsentAttempt
from tests.browser.conftest import Portal

Open = Callable[..., Page]


def go_to_microsoft(portal: Portal, page: Page) -> None:
    page.goto("/settings/connections/flow/")
    page.get_by_role("button", name="Renew consent").click()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    assert page.url.startswith(portal.emulator.url)


def test_consent_is_given(portal: Portal, open_as: Open) -> None:
    page = open_as("alice")
    go_to_microsoft(portal, page)
    page.get_by_label("Account").fill("megan@borealis.example")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="Consent given")).to_be_visible()
    assert "code=" not in page.url
    page.get_by_role("link", name="Go to the connection").click()
    expect(page.get_by_role("main")).to_contain_text("megan@borealis.example")


def test_consent_is_refused(portal: Portal, open_as: Open) -> None:
    page = open_as("alice")
    go_to_microsoft(portal, page)
    page.get_by_role("button", name="Refuse").click()
    said = page.get_by_role("alert")
    expect(said).to_contain_text("No consent was given")
    expect(said).to_contain_text("an earlier consent stays")
    attempt = ConsentAttempt.objects.latest("pk")
    assert attempt.state == "refused"
    portal.connection.refresh_from_db()
    assert portal.connection.has_consent
