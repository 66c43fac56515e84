"""Live reads for forms: shared while they hold, refused or failed with the reason."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from portal.connections.models import Connection
from portal.mirror import questions, tasks
from portal.mirror.models import Question, QuestionState
from portal.mirror.questions import Parameters
from portal.partnercenter.errors import Forbidden, UpstreamUnavailable
from portal.partnercenter.wire import Ask
from tests.mirror.world import World


@pytest.fixture
def asked(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(
        questions,
        "get_client",
        lambda connection, purpose: world.clients(connection, purpose, 1)[0],
    )
    return world


def about(customer_id: str) -> Parameters:
    return Parameters(path={"customer_id": customer_id})


def test_a_question_is_answered_by_a_worker(
    asked: World, connection: Connection, django_capture_on_commit_callbacks: Any
) -> None:
    pc_id = asked.customer("Adatum")
    with django_capture_on_commit_callbacks() as queued:
        question = questions.ask(connection, "GET_CUSTOMER", about(pc_id), asker_id=4)
    assert (question.state, question.settled, len(queued)) == (QuestionState.WAITING, False, 1)
    assert asked.calls == [], "nothing is asked while the page waits"
    tasks.ask_question(question.pk)
    question.refresh_from_db()
    assert (question.state, question.settled) == (QuestionState.ANSWERED, True)
    assert question.answer["companyProfile"]["companyName"] == "Adatum"
    tasks.ask_question(question.pk)
    assert len(asked.calls) == 1, "a task that comes twice asks once"


def test_equal_questions_share_an_answer_until_it_expires(
    asked: World, connection: Connection
) -> None:
    pc_id = asked.customer("Adatum")
    first = questions.ask(connection, "GET_CUSTOMER", about(pc_id), asker_id=4)
    assert questions.ask(connection, "GET_CUSTOMER", about(pc_id), asker_id=5).pk == first.pk
    assert questions.ask(connection, "GET_CUSTOMER", about("other")).pk != first.pk
    tasks.ask_question(first.pk)
    assert questions.ask(connection, "GET_CUSTOMER", about(pc_id)).pk == first.pk
    Question.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert questions.ask(connection, "GET_CUSTOMER", about(pc_id)).pk != first.pk


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Forbidden("no", status=403, code="900308", correlation_id="abc"), QuestionState.REFUSED),
        (UpstreamUnavailable("no", status=503, correlation_id="abc"), QuestionState.FAILED),
    ],
)
def test_errors_keep_code_and_correlation(
    asked: World, connection: Connection, error: Exception, state: QuestionState
) -> None:
    def fail(_ask: Ask) -> None:
        raise error

    asked.faults["GET_CUSTOMER"] = fail
    question = questions.ask(connection, "GET_CUSTOMER", about("any"))
    tasks.ask_question(question.pk)
    question.refresh_from_db()
    assert (question.state, question.error["correlation_id"]) == (state, "abc")
    again = questions.ask(connection, "GET_CUSTOMER", about("any"))
    assert (again.pk == question.pk) is (state is QuestionState.REFUSED), "a failure is no answer"


def test_only_reads_can_be_asked(connection: Connection) -> None:
    with pytest.raises(ValueError, match="cannot be a question"):
        questions.ask(connection, "CHANGE_QUANTITY")
    with pytest.raises(KeyError):
        questions.ask(connection, "NO_SUCH_CALL")
    assert not Question.objects.exists()


def test_a_question_nobody_waits_for_any_more_is_not_asked(
    asked: World, connection: Connection
) -> None:
    question = questions.ask(connection, "GET_CUSTOMER", about("any"))
    Question.objects.update(created_at=timezone.now() - dt.timedelta(minutes=3))
    tasks.ask_question(question.pk)
    question.refresh_from_db()
    assert (question.state, question.error["code"]) == (QuestionState.FAILED, "too_late")
    assert asked.calls == []
