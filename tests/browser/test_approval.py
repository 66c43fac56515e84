"""A suspension above the amount in Chromium: it waits, the second person has a mail, approves, the entry tells the rule."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.notifications import tasks
from portal.notifications.models import Mail
from portal.outbox.approvals import rules
from portal.outbox.models import Command
from tests.people import Estate, make_estate, make_person

WORDS = {
    "en": ("Suspend", "Awaiting approval", "Approve and send"),
    "fr": ("Suspendre", "En attente d'approbation", "Approuver et envoyer"),
}
OpenFor = Callable[..., Page]


@pytest.fixture
def estate(transactional_db: None) -> Estate:
    """In place of the shared one: a browser needs rows that are committed."""
    return make_estate()


def in_language(language: str, *people: User) -> None:
    User.objects.filter(pk__in=[person.pk for person in people]).update(language=language)
    for person in people:
        person.refresh_from_db()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_suspension_above_the_amount_waits_for_a_second_person(
    language: str, estate: Estate, open_for: OpenFor, settings: Any
) -> None:
    settings.MAILBOX = True
    settings.EMAIL_BACKEND = "portal.notifications.mailbox.MailboxBackend"
    suspend, awaiting, approve = WORDS[language]
    admin = make_person("admin", "administrator")
    bob = make_person("bob", "sales", estate.connection, estate.fabrikam)
    carol = make_person("carol", "reseller-admin", estate.connection, estate.fabrikam)
    in_language(language, admin, bob, carol)
    values = {
        "name": "Large ones",
        "connection": estate.connection,
        "verb": "subscription.suspend",
        "least_seats": 10,
    }
    rules.make(Actor.for_user(admin), Scope.for_user(admin), values)

    page = open_for(bob)
    page.goto(reverse("subscription_suspend", args=[estate.fabrikam_seats.pk]))
    page.locator("#main form button.btn-danger, #main form button.btn-primary").last.click()
    expect(page.locator("#main")).to_contain_text(awaiting)
    command = Command.objects.get()
    assert (command.state, command.approved_by) == ("awaiting_approval", None)

    mail = Mail.objects.get(to=carol.email)
    assert mail.language == language
    tasks.send_mail(mail.pk)
    page = open_for(admin)
    page.goto(reverse("mailbox"))
    expect(page.locator("#main")).to_contain_text(carol.email)
    link = page.locator("#main a", has_text=f"/changes/{command.pk}/").get_attribute("href")
    assert link == f"{django_settings.PUBLIC_URL}/changes/{command.pk}/"

    page = open_for(carol)
    page.goto(reverse("approvals"))
    expect(page.locator("#main")).to_contain_text("Large ones")
    page.locator("#main a.name").first.click()
    page.get_by_role("button", name=approve).click()
    expect(page.locator("#main")).not_to_contain_text(awaiting)
    command.refresh_from_db()
    assert (command.state, command.approved_by) == ("queued", carol)

    entry = Entry.objects.filter(command_id=command.pk).latest("pk")
    page = open_for(admin)
    page.goto(reverse("activity"))
    row = page.locator("#main tr", has_text="Large ones").first
    expect(row).to_contain_text(suspend)
    assert entry.parameters == {"rule": "Large ones", "version": 1}
