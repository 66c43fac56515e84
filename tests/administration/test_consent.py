"""Consent as a person sees it: away, back, wait, answer; against the emulator."""

import pytest
from django.urls import reverse

from portal.activity.models import Entry
from portal.administration import tasks
from portal.administration.actions import consent as actions
from portal.connections.clients import authenticator
from portal.connections.models import Connection, ConsentAttempt
from tests.connections.test_sign_in import at_microsoft
from tests.people import make_person


@pytest.fixture
def administrator(db):
    return make_person("admin", "administrator")


@pytest.fixture
def desk(administrator, client_of, monkeypatch):
    """An administrator at localhost, whose callback is the one that the emulator is told."""
    monkeypatch.setattr(actions, "_queue", lambda attempt_id: None)
    client = client_of(administrator)
    client.defaults["HTTP_HOST"] = "localhost:8000"
    return client


def go(desk, connection: Connection, decision: str) -> dict[str, str]:
    away = desk.post(reverse("connection_consent", args=[connection.name]))
    assert away.status_code == 302
    return at_microsoft(away.url, decision)


def test_consent_is_given(emulated, desk):
    answer = go(desk, emulated, "approve")
    back = desk.get(reverse("consent_callback"), answer)
    attempt = ConsentAttempt.objects.get()
    assert back.status_code == 302
    assert back.url == reverse("consent", args=[attempt.pk])
    assert answer["code"] not in back.url
    waiting = desk.get(back.url).content.decode()
    assert "Asking Microsoft" in waiting
    assert f'hx-get="{reverse("consent_status", args=[attempt.pk])}"' in waiting

    tasks.redeem_consent(attempt.pk)
    shown = desk.get(reverse("consent_status", args=[attempt.pk])).content.decode()
    assert "Consent given" in shown
    assert "hx-get" not in shown
    emulated.refresh_from_db()
    assert emulated.has_consent
    assert emulated.refresh_token.reveal() not in shown + waiting
    page = desk.get(reverse("connection", args=["emulated"])).content.decode()
    assert "ada@borealis.example" in page
    assert [
        entry.kind for entry in Entry.objects.filter(kind__startswith="connection").order_by("pk")
    ] == [
        "connection.consent_started",
        "connection.consent_given",
    ]


def test_a_declined_consent_is_said_with_its_code(emulated, desk):
    back = desk.get(reverse("consent_callback"), go(desk, emulated, "refuse"))
    shown = desk.get(back.url).content.decode()
    assert "AADSTS65004" in shown
    said_with = ConsentAttempt.objects.get().correlation_id
    assert said_with
    assert said_with in shown
    assert "declined" in shown
    assert "Nothing was changed" in shown
    assert "hx-get" not in shown
    entry = Entry.objects.get(kind="connection.consent_refused")
    assert entry.parameters == {"code": "AADSTS65004"}
    emulated.refresh_from_db()
    assert not emulated.is_paused


def test_a_spent_code_is_said_with_code_and_correlation(emulated, desk):
    answer = go(desk, emulated, "approve")
    desk.get(reverse("consent_callback"), answer)
    attempt = ConsentAttempt.objects.get()
    authenticator(emulated).redeem(
        answer["code"], verifier=attempt.verifier.reveal(), redirect_uri=attempt.redirect_uri
    )
    tasks.redeem_consent(attempt.pk)
    attempt.refresh_from_db()
    shown = desk.get(reverse("consent", args=[attempt.pk])).content.decode()
    assert "AADSTS54005" in shown
    assert attempt.correlation_id in shown
    assert len(attempt.correlation_id) == 36


def test_an_answer_of_somebody_else_or_twice_changes_nothing(emulated, desk, client_of):
    answer = go(desk, emulated, "approve")
    other = client_of(make_person("eve", "administrator"))
    refused = other.get(reverse("consent_callback"), answer)
    assert refused.status_code == 400
    assert b"belongs to no consent of yours" in refused.content
    assert ConsentAttempt.objects.get().state == "started"

    desk.get(reverse("consent_callback"), answer)
    assert desk.get(reverse("consent_callback"), answer).status_code == 400
    pk = ConsentAttempt.objects.get().pk
    assert other.get(reverse("consent", args=[pk])).status_code == 404


def test_without_a_worker_the_page_says_so_in_the_end(emulated, desk):
    back = desk.get(reverse("consent_callback"), go(desk, emulated, "approve"))
    attempt = ConsentAttempt.objects.get()
    ConsentAttempt.objects.update(expires_at=attempt.created_at)
    shown = desk.get(back.url).content.decode()
    assert "No answer came" in shown
    assert "hx-get" not in shown


def test_consent_needs_a_post(emulated, desk):
    assert desk.get(reverse("connection_consent", args=["emulated"])).status_code == 405
    assert not ConsentAttempt.objects.exists()
