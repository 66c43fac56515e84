"""What is said of a change that did not go through: who spoke, and whether anything had left."""

from typing import Any

import pytest
from django.urls import reverse

from portal.outbox import engine, wording
from portal.outbox.models import Command, CommandStep
from portal.partnercenter.errors import InvalidInput, NoAnswer, Unreachable
from tests.outbox.conftest import Ask, Partner, make_due


def problem(command: Command) -> wording.Problem:
    command.refresh_from_db()
    found = wording.problem(command)
    assert found is not None
    return found


def page(client_of: Any, person: Any, command: Command) -> str:
    answer = client_of(person).get(reverse("change", args=[command.pk]))
    return str(answer.content.decode())


def test_a_read_without_an_answer_is_no_doubt(
    ask: Ask, partner: Partner, bob: Any, client_of: Any
) -> None:
    command = ask()
    partner.reads(NoAnswer("time-out"))
    engine.deliver(command.pk)
    told = problem(command)
    assert told.title == "Not sent yet, 1 attempt made"
    assert told.text == "The record could not be read first, so nothing was sent."
    text = page(client_of, bob, command)
    assert "outcome is not known" not in text
    assert "Partner Center said" not in text
    assert "Cause: time-out" in text


def test_a_write_that_was_not_made_is_not_called_unsent(ask: Ask, partner: Partner) -> None:
    command = ask()
    partner.reads()
    partner.writes(NoAnswer("reset"))
    engine.deliver(command.pk)
    assert problem(command).title == "Sent, but no answer came back"
    make_due(command)
    partner.reads()
    partner.reads(Unreachable("down"))
    engine.deliver(command.pk)
    assert "Not sent yet" not in problem(command).title


@pytest.mark.parametrize(
    ("error", "heard"),
    [
        (InvalidInput("Bad", status=400, code="1"), True),
        (Unreachable("down"), False),
    ],
)
def test_only_what_partner_center_said_is_said_to_be_its(
    ask: Ask, partner: Partner, bob: Any, client_of: Any, error: Exception, *, heard: bool
) -> None:
    command = ask()
    partner.reads(error)
    engine.deliver(command.pk)
    assert problem(command).heard is heard
    assert ("Partner Center said" in page(client_of, bob, command)) is heard


def test_a_step_that_never_left_is_not_refused(
    ask: Ask, partner: Partner, bob: Any, client_of: Any
) -> None:
    command = ask()
    partner.reads(InvalidInput("No", status=400, code="1"))
    engine.deliver(command.pk)
    assert CommandStep.objects.get(command=command).sent_at is None
    text = page(client_of, bob, command)
    assert "<td>Not sent</td>" in text
    assert "<td>Refused</td>" not in text


def test_a_refused_write_is(ask: Ask, partner: Partner, bob: Any, client_of: Any) -> None:
    command = ask()
    partner.reads()
    partner.writes(InvalidInput("No", status=400, code="1"))
    engine.deliver(command.pk)
    assert "<td>Refused</td>" in page(client_of, bob, command)
