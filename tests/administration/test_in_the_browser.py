"""Consent in Chromium: the policy of the page lets the form lead to Microsoft and nowhere else."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from portal.administration import tasks
from portal.administration.actions import consent as actions
from portal.connections import clients
from portal.connections.models import ConsentAttempt
from tests.connections.conftest import make_emulated
from tests.people import make_person


@pytest.mark.django_db(transaction=True)
def test_consent_from_button_to_answer(open_for: Callable[..., Page], emulator, monkeypatch):
    monkeypatch.setattr(actions, "_queue", lambda attempt_id: None)
    make_emulated(emulator)
    page = open_for(make_person("admin", "administrator"))
    page.goto(reverse("connection", args=["emulated"]))
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
    clients.close_all()
