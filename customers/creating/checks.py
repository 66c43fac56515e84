"""What Partner Center is asked before a customer is created: address, domain, the reseller's PartnerID and agreement.

Each is a Question; what is said here is for the page and the API alike. Asking for the domain answers
the wrong way round: it is found if it is taken (scenario verify-domain-availability).
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from customers.creating import rules
from customers.creating.places import Place
from customers.creating.rules import CountryRules
from portal.access.models import Reseller, ResellerMpn
from portal.mirror import questions
from portal.mirror.models import Question, QuestionState
from portal.mirror.questions import Parameters
from portal.partnercenter.operations.unlisted import GET_PARTNER_AGREEMENT_STATUS
from portal.partnercenter.spec import Cloud

GOOD = frozenset({"verifiedshippable", "verified"})
TOLD = dt.timedelta(seconds=30)
RULES_KEPT = dt.timedelta(days=1)
WIRE = {
    "address_line1": "addressLine1",
    "address_line2": "addressLine2",
    "city": "city",
    "state": "state",
    "postal_code": "postalCode",
    "country": "country",
}
UNKNOWN = 404
WAITING, GOOD_STATE, DOUBTFUL, BAD = "waiting", "is-ok", "is-warn", "is-bad"


@dataclass(frozen=True)
class Check:
    """One verdict. ``state`` is "waiting" or a level of the pages; "is-bad" bars the creation.

    ``suggestions`` are addresses in the names of the form.
    """

    name: str
    state: str
    title: str
    text: str = ""
    suggestions: list[dict[str, str]] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        return self.state == WAITING


def country_rules(place: Place, country: str, asker_id: int | None) -> CountryRules | None:
    """The rules of a country; None while Partner Center is asked for them."""
    parameters = Parameters(path={"iso_code": country})
    name = "GET_COUNTRY_VALIDATION_RULES"
    found = ask(place, name, parameters, asker_id, kept=RULES_KEPT)
    if not found.settled:
        return None
    if found.state == QuestionState.ANSWERED and isinstance(found.answer, Mapping):
        return rules.answered(country, found.answer)
    return rules.reference(country)


def run(place: Place, values: Mapping[str, str], asker_id: int | None) -> list[Check]:
    """Ask what has not been asked yet, and tell how far it is."""
    body = {wire: values[name] for name, wire in WIRE.items() if values.get(name)}
    asked = ask(place, "VALIDATE_ADDRESS", Parameters(body=body), asker_id)
    path = {"domain": values["domain"]}
    free = ask(place, "VERIFY_DOMAIN", Parameters(path=path), asker_id)
    found = [address(asked), domain(free)]
    if place.reseller is not None:
        found.append(_partner(place, asker_id))
        found += _agreement(place, place.reseller, asker_id)
    return found


def ask(
    place: Place,
    operation: str,
    parameters: Parameters,
    asker_id: int | None,
    *,
    kept: dt.timedelta = questions.KEPT,
) -> Question:
    """Ask; one that has just failed for this person is told, not asked again by the waiting page."""
    failed = Question.objects.filter(
        connection=place.connection,
        operation=operation,
        parameters=parameters.as_json(),
        state=QuestionState.FAILED,
        asker_id=asker_id,
        answered_at__gt=timezone.now() - TOLD,
    )
    found = failed.order_by("-pk").first()
    if found is not None:
        return found
    return questions.ask(place.connection, operation, parameters, asker_id=asker_id, kept=kept)


def address(question: Question) -> Check:
    """An address that is wrong can still be used: Microsoft knows many that it cannot verify."""
    name = "address"
    if not question.settled:
        return Check(name, WAITING, _("The address is being checked"))
    if question.state == QuestionState.FAILED:
        return Check(name, DOUBTFUL, _("The address could not be checked"), _cause(question))
    answer: Mapping[str, Any] = question.answer or {}
    suggestions = [_named(one) for one in answer.get("suggestedAddresses") or []]
    status = str(answer.get("status") or "").lower()
    if question.state == QuestionState.REFUSED:
        suggestions = _corrected(question)
    elif status in GOOD or not (status or suggestions):
        return Check(name, GOOD_STATE, _("The address is known"))
    text = str(answer.get("validationMessage") or _cause(question))
    if suggestions:
        return Check(name, DOUBTFUL, _("Partner Center knows another address"), text, suggestions)
    return Check(name, DOUBTFUL, _("Partner Center does not know this address"), text)


def domain(question: Question) -> Check:
    """A domain must be free; where the check failed, the creation itself finds out."""
    name = "domain"
    if not question.settled:
        return Check(name, WAITING, _("The domain is being checked"))
    if question.state != QuestionState.ANSWERED:
        return Check(name, DOUBTFUL, _("The domain could not be checked"), _cause(question))
    if question.answer:
        return Check(name, BAD, _("The domain is taken"), _("Choose another one."))
    return Check(name, GOOD_STATE, _("The domain is free"))


def _partner(place: Place, asker_id: int | None) -> Check:
    """The reseller's own PartnerID must be one that Microsoft knows (scenario get-partner-by-mpn-id)."""
    name = "partner"
    mpn = ResellerMpn.objects.filter(reseller=place.reseller).order_by("pk").first()
    if mpn is None:
        told = _("Partner Center names no PartnerID of this reseller.")
        return Check(name, DOUBTFUL, _("The reseller has no PartnerID"), told)
    parameters = Parameters(query={"mpnId": mpn.mpn_id})
    question = ask(place, "GET_PARTNER_BY_MPN_ID", parameters, asker_id)
    return partner(question, mpn.mpn_id)


def partner(question: Question, mpn_id: str) -> Check:
    """What became of the question about a PartnerID."""
    name, told = "partner", {"mpn": mpn_id}
    if not question.settled:
        return Check(name, WAITING, _("The reseller's PartnerID is being checked"))
    is_unknown = (question.error or {}).get("status") == UNKNOWN
    if question.state != QuestionState.ANSWERED and not is_unknown:
        return Check(name, DOUBTFUL, _("The PartnerID could not be checked"), _cause(question))
    if question.state == QuestionState.REFUSED:
        return Check(name, BAD, _("PartnerID %(mpn)s is not valid") % told, _cause(question))
    return Check(name, GOOD_STATE, _("PartnerID %(mpn)s is valid") % told)


def _agreement(place: Place, reseller: Reseller, asker_id: int | None) -> list[Check]:
    """Whether the reseller has signed (verify-indirect-reseller-mpa-status); nothing where that cannot be asked."""
    connection, operation = place.connection, GET_PARTNER_AGREEMENT_STATUS
    if Cloud(connection.cloud) not in operation.clouds or connection.consented_at is None:
        return []
    parameters = Parameters(query={"tenantId": reseller.pc_id})
    return [agreement(ask(place, operation.name, parameters, asker_id))]


def agreement(question: Question) -> Check:
    """A reseller without it is not allowed to sell: the customer would have nobody to buy from."""
    name = "agreement"
    if not question.settled:
        return Check(name, WAITING, _("The partner agreement is being checked"))
    answer = question.answer if isinstance(question.answer, Mapping) else {}
    signed = {str(key).lower(): value for key, value in answer.items()}.get("isagreementsigned")
    if question.state != QuestionState.ANSWERED or signed is None:
        told = _("The partner agreement could not be checked")
        return Check(name, DOUBTFUL, told, _cause(question))
    if not signed:
        told = _("The reseller signs the Microsoft Partner Agreement in its own Partner Center.")
        return Check(name, BAD, _("The partner agreement is not signed"), told)
    return Check(name, GOOD_STATE, _("The partner agreement is signed"))


def _named(sent: Mapping[str, Any]) -> dict[str, str]:
    """An address of the wire in the names of the form."""
    lower = {str(name).lower(): value for name, value in sent.items()}
    found = {name: str(lower.get(wire.lower()) or "") for name, wire in WIRE.items()}
    return found | {"state": found["state"] or str(lower.get("region") or "")}


def _corrected(question: Question) -> list[dict[str, str]]:
    """The older answer: 400 with 2007, whose description holds the corrected address as JSON."""
    try:
        told = json.loads((question.error or {}).get("message", ""))
        sent = {str(name).replace("_", ""): v for name, v in told["corrected_address"].items()}
    except (ValueError, KeyError, AttributeError, TypeError):
        return []
    return [_named(sent)]


def _cause(question: Question) -> str:
    error: Mapping[str, Any] = question.error or {}
    told = str(error.get("message") or "")
    if told.startswith("{"):
        told = ""
    return " ".join(part for part in (told, str(error.get("code") or "")) if part)
