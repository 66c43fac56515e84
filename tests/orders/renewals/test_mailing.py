"""Many customers are written to about their terms: one mail each in its language, checked before, never twice."""

from typing import Any

import pytest

from customers.models import BillingProfile, Customer
from orders.models import Subscription, TermLetter
from orders.renewals import queries
from orders.renewals.mailing import verb
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.notifications.models import Mail
from portal.outbox import engine, tasks
from portal.outbox.batches import feeding, steering
from portal.outbox.models import Batch
from portal.ui import sentences
from tests.orders.renewals.conftest import ending
from tests.people import Estate

URL = "/renewals/many/write/"
ALL = {"all": "1", "query": "within=30"}


@pytest.fixture
def two(estate: Estate, soon: Subscription) -> tuple[Subscription, Subscription]:
    """Adatum, which speaks French, has two terms that end; another customer of Fabrikam has no address."""
    BillingProfile.objects.create(
        connection=soon.connection,
        customer=soon.customer,
        customer_pc_id=soon.customer_pc_id,
        pc_id=soon.customer_pc_id,
        list_payload={"email": "ana@adatum.example", "language": "fr"},
    )
    second = ending(estate, "Second", 9)
    shared = ending(estate, "Shared", 9)
    Subscription.objects.filter(pk=shared.pk).update(
        customer=estate.shared, customer_pc_id=estate.shared.pc_id
    )
    return soon, second


def run(user: User, batch: Batch) -> None:
    """Confirm what can be done and let workers do it."""
    by = (Actor.for_user(user), Scope.for_user(user))
    tasks.check_batch(batch.pk)
    batch.refresh_from_db()
    ready = batch.rows.filter(state="ready").count()
    if ready:
        steering.start(*by, batch, seen=ready)
        feeding.feed(batch.pk)
    for command in batch.commands.all():
        engine.deliver(command.pk)


def problems(batch: Batch) -> dict[str, str]:
    rows = batch.rows.filter(state="refused")
    return {row.target_label: sentences.shown(row.problem) for row in rows}


def test_each_gets_one_mail_and_none_twice(
    estate: Estate,
    two: tuple[Subscription, Subscription],
    bob: User,
    charlie: User,
    client_of: Any,
    api_of: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    browser = client_of(bob)
    shown = browser.post(URL, ALL).content.decode()
    assert "Bonjour" in shown
    assert "ana@adatum.example" in shown
    assert Batch.objects.count() == 0
    Subscription.objects.filter(pk=two[1].pk).update(auto_renew=False)
    unchosen = browser.post("/renewals/unchosen/many/write/", {"row": two[1].pk}).content.decode()
    assert "Second of Adatum" in unchosen
    answer = browser.post(URL, ALL | {"slug": "renewal.question", "check": "1"})
    batch = Batch.objects.get()
    assert answer["Location"] == batch.get_absolute_url()
    run(bob, batch)
    assert list(problems(batch)) == [estate.shared.name]
    assert "No e-mail address" in problems(batch)[estate.shared.name]
    mail = Mail.objects.get()
    assert (mail.to, mail.language) == ("ana@adatum.example", "fr")
    assert mail.text.count("\n- ") == 2, "all of its terms in one mail"
    assert batch.commands.get().state == "succeeded"
    letters = TermLetter.objects.order_by("subscription")
    assert [letter.subscription for letter in letters] == list(two)
    assert {letter.mail for letter in letters} == {mail}
    engine.deliver(batch.commands.get().pk)
    browser.post(URL, ALL | {"slug": "renewal.question", "check": "1"})
    again = Batch.objects.order_by("-pk")[0]
    run(bob, again)
    assert "Written already, to ana@adatum.example" in problems(again)["Adatum"]
    assert Mail.objects.count() == 1
    page = browser.get(two[0].get_absolute_url()).content.decode()
    assert "Written to the customer:" in page
    assert "ana@adatum.example" in browser.get("/renewals/?cols=name,written").content.decode()
    listed = browser.get("/renewals/letters/").content.decode()
    assert "ana@adatum.example" in listed
    assert "ana@adatum.example" not in client_of(charlie).get("/renewals/letters/").content.decode()
    (first, _second) = api_of(bob).get("/api/v1/term-letters/").json()["results"]
    assert (first["to"], first["state"]) == ("ana@adatum.example", "queued")
    assert api_of(charlie).get("/api/v1/term-letters/").json()["results"] == []
    url = f"/customers/{two[0].customer_id}/renewals/write/"
    asked = {"slug": "renewal.question", "language": "fr", "to": "x@adatum.example", "send": "1"}
    assert browser.post(url, asked).status_code == 422
    assert Mail.objects.count() == 1
    assert browser.post(url, asked | {"again": "on"}).status_code == 302
    assert Mail.objects.count() == 2


def test_a_mail_that_failed_is_seen_and_sent_again(
    estate: Estate, two: tuple[Subscription, Subscription], bob: User, api_of: Any, client_of: Any
) -> None:
    api = api_of(bob, read_only=False)
    url = f"/api/v1/customers/{two[0].customer_id}/write-about-renewals/"
    answer = api.post(url, {"slug": "renewal.question"}, content_type="application/json")
    assert answer.status_code == 202
    command = engine.deliver(answer.json()["id"])
    assert command is not None
    command.refresh_from_db()
    assert (command.verb, command.state) == (verb.WRITE, "succeeded")
    Mail.objects.update(state="failed", error="refused")
    browser = client_of(bob)
    row = queries.letters(Scope.for_user(bob))[0]
    page = browser.get("/renewals/letters/", {"mail": row.pk}).content.decode()
    assert "Send it again" in page
    assert "The mail server refused" in page
    assert "Soon of" in browser.get("/renewals/", {"written": "failed"}).content.decode()
    assert browser.post(f"/renewals/letters/{row.pk}/again/").status_code == 302
    assert Mail.objects.get().state == "queued"
    twice = api.post(url, {"slug": "renewal.question"}, content_type="application/json")
    assert twice.status_code == 409
    assert Customer.objects.filter(pk=two[0].customer_id).exists()
