"""Live reads for the two forms: the present text of the agreement, the validation codes left."""

import datetime as dt
from typing import Any

from customers.agreements.part import CUSTOMER_AGREEMENT
from customers.models import Customer
from portal.access.http import Request
from portal.mirror import questions
from portal.mirror.models import Question, QuestionState
from portal.mirror.questions import Parameters

KEPT = dt.timedelta(hours=12)


def template(request: Request, customer: Customer) -> dict[str, Any]:
    """Where the agreement's text stands, as far as Partner Center has answered."""
    parameters = Parameters(query={"agreementType": CUSTOMER_AGREEMENT})
    return _told(_ask(request, customer, "LIST_AGREEMENT_TEMPLATES", parameters, KEPT))


def codes(request: Request, customer: Customer) -> dict[str, Any]:
    """The validation codes with what is left of each."""
    return _told(_ask(request, customer, "LIST_VALIDATION_CODES", Parameters(), questions.KEPT))


def _ask(
    request: Request, customer: Customer, name: str, parameters: Parameters, kept: dt.timedelta
) -> Question:
    asker = request.user.pk
    return questions.ask(customer.connection, name, parameters, asker_id=asker, kept=kept)


def _told(question: Question) -> dict[str, Any]:
    answer = question.answer
    items = answer if isinstance(answer, list) else (answer or {}).get("items", [])
    return {
        "waits": question.state == QuestionState.WAITING,
        "failed": question.state in (QuestionState.FAILED, QuestionState.REFUSED),
        "error": question.error or {},
        "items": items,
    }
