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

OpenFor = Callable[..., Page]


@pytest.fixture
def estate(transactional_db: None) -> Estate:
    """In place of the shared one: a browser needs rows that are committed."""
    return make_estate()


def in_french(person: User) -> User:
    User.objects.filter(pk=person.pk).update(language="fr")
    person.refresh_from_db()
    return person


def test_a_suspension_above_the_amount_waits_for_a_second_person(
    estate: Estate, open_for: OpenFor, settings: Any
) -> None:
    """The first reads English, the second French: each is told in their own language."""
    settings.MAILBOX = True
    settings.EMAIL_BACKEND = "portal.notifications.mailbox.MailboxBackend"
    admin = make_person("admin", "administrator")
    bob = make_person("bob", "sales", estate.connection, estate.fabrikam)
    carol = in_french(make_person("carol", "reseller-admin", estate.connection, estate.fabrikam))
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
    expect(page.locator("#main")).to_contain_text("Awaiting approval")
    command = Command.objects.get()
    assert (command.state, command.approved_by) == ("awaiting_approval", None)

    mail = Mail.objects.get(to=carol.email)
    assert mail.language == "fr"
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
    waits = "En attente d'approbation"
    expect(page.locator("#main")).to_contain_text(waits)
    page.get_by_role("button", name="Approuver et envoyer").click()
    expect(page.locator("#main")).not_to_contain_text(waits)
    command.refresh_from_db()
    assert (command.state, command.approved_by) == ("queued", carol)

    entry = Entry.objects.filter(command_id=command.pk).latest("pk")
    page = open_for(admin)
    page.goto(reverse("activity"))
    row = page.locator("#main tr", has_text="Large ones").first
    expect(row).to_contain_text("Suspend")
    assert entry.parameters == {"rule": "Large ones", "version": 1}
