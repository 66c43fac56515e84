"""The preview follows what is typed, and the page holds at 360 px whatever the link's length."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from portal.notifications.models import MailTemplate
from tests.people import make_person

URL = "/settings/mail-templates/account.reseller_invitation/en/"


@pytest.mark.django_db(transaction=True)
def test_a_text_is_written_beside_its_preview(open_for: Callable[..., Page]) -> None:
    admin = make_person("admin", "administrator")
    page = open_for(admin, viewport={"width": 360, "height": 740})
    page.goto(URL)
    preview = page.locator("#preview")
    preview.get_by_text("Hello Camille Martin,").wait_for()
    root = "document.documentElement"
    assert not page.evaluate(f"{root}.scrollWidth > {root}.clientWidth")

    page.get_by_label("Subject").fill("Welcome, {{ person }}")
    preview.get_by_text("Welcome, Camille Martin").wait_for()
    page.get_by_label("Subject").fill("Welcome, {{ nobody }}")
    preview.get_by_text("{{ nobody }} is no placeholder of this field.").wait_for()
    assert not MailTemplate.objects.exists()

    page.get_by_label("Subject").fill("Welcome, {{ person }}")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    assert MailTemplate.objects.get().subject == "Welcome, {{ person }}"
    page.get_by_role("button", name="Back to the default text").click()
    page.get_by_role("dialog").get_by_role("button", name="Back to the default text").click()
    page.get_by_text("The default text is back.").wait_for()
    assert not MailTemplate.objects.exists()
