"""Consent in Chromium: the policy of the page lets the form lead to Microsoft and nowhere else."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from portal.administration import tasks
from portal.administration.actions import consent as actions
from portal.connections import clients
from portal.connections.models import ConsentAttempt
from tests.connections.conftest import make_emulated
from tests.people import make_person


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_consent_from_button_to_answer(
    browser: Browser, live_server, client, emulator, monkeypatch
):
    monkeypatch.setattr(actions, "_queue", lambda attempt_id: None)
    make_emulated(emulator)
    client.force_login(make_person("admin", "administrator"))
    session = client.cookies["sessionid"].value
    complaints: list[str] = []
    context = browser.new_context()
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(live_server.url + reverse("connection", args=["emulated"]))
    page.get_by_role("button", name="Give consent").click()
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Asking Microsoft").wait_for()
    assert "code=" not in page.url

    tasks.redeem_consent(ConsentAttempt.objects.get().pk)
    page.get_by_role("heading", name="Consent given").wait_for()
    page.get_by_role("link", name="Go to the connection").click()
    page.get_by_role("button", name="Renew consent").wait_for()

    page.get_by_text("Set to read only").first.click()
    page.get_by_role("button", name="Set to read only").click()
    page.get_by_text("emulated is now in mode: Read only.").wait_for()
    context.close()
    clients.close_all()
    assert not [text for text in complaints if "Content Security Policy" in text]
