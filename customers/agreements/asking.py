"""Live reads: the present text of the agreement and its documents by language, the validation codes left."""

import datetime as dt
from typing import Any

from customers.agreements import part
from customers.agreements.part import CUSTOMER_AGREEMENT
from customers.models import Customer
from portal.mirror import questions
from portal.mirror.models import Question, QuestionState
from portal.mirror.questions import Parameters
from portal.partnercenter.operations.unlisted import GET_AGREEMENT_DOCUMENT

KEPT = dt.timedelta(hours=12)
# The links of a document live five minutes.
LINKS_KEPT = dt.timedelta(minutes=4)


def template(customer: Customer, asker_id: int | None) -> dict[str, Any]:
    """Where the agreement's text stands, as far as Partner Center has answered."""
    parameters = Parameters(query={"agreementType": CUSTOMER_AGREEMENT})
    return _told(_ask(customer, asker_id, "LIST_AGREEMENT_TEMPLATES", parameters, KEPT))


def document(customer: Customer, asker_id: int | None, language: str) -> dict[str, Any]:
    """The links to the present text in a language, for the customer's country."""
    found = template(customer, asker_id)
    if found["waits"] or found["failed"]:
        return found
    newest = part.newest(found["items"])
    if newest is None:
        return found | {"items": {}}
    parameters = Parameters(
        path={"template_id": str(newest["templateId"])},
        query={"language": language} | ({"country": customer.country} if customer.country else {}),
    )
    return _told(_ask(customer, asker_id, GET_AGREEMENT_DOCUMENT.name, parameters, LINKS_KEPT))


def codes(customer: Customer, asker_id: int | None) -> dict[str, Any]:
    """The validation codes with what is left of each."""
    return _told(_ask(customer, asker_id, "LIST_VALIDATION_CODES", Parameters(), questions.KEPT))


def _ask(
    customer: Customer, asker_id: int | None, name: str, parameters: Parameters, kept: dt.timedelta
) -> Question:
    return questions.ask(customer.connection, name, parameters, asker_id=asker_id, kept=kept)


def _told(question: Question) -> dict[str, Any]:
    answer = question.answer
    items = answer.get("items", answer) if isinstance(answer, dict) else answer or []
    return {
        "waits": question.state == QuestionState.WAITING,
        "failed": question.state in (QuestionState.FAILED, QuestionState.REFUSED),
        "error": question.error or {},
        "items": items,
    }
