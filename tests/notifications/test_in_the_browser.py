"""The preview follows what is typed, and the page holds at 360 px whatever the link's length."""

import pytest
from playwright.sync_api import Browser

from portal.notifications.models import MailTemplate
from tests.people import make_person

URL = "/settings/mail-templates/account.reseller_invitation/en/"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_text_is_written_beside_its_preview(browser: Browser, live_server, client) -> None:
    client.force_login(make_person("admin", "administrator"))
    session = client.cookies["sessionid"].value
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(live_server.url + URL)
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
    context.close()
    assert not [text for text in complaints if "Content Security Policy" in text]
