"""Agreements, direct signatures, qualifications old and new, and the codes that open government offers."""

from portal.emulator import papers, render
from portal.emulator.audit import Event
from portal.emulator.context import Answer, Call, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates
from portal.emulator.model import JSON, Customer


@emulates("LIST_AGREEMENT_TEMPLATES")
def list_templates(call: Call) -> Answer:
    """Answer one type's template; without a type the retired one, as the page of 2020 shows."""
    kind = call.query.get("agreementtype", papers.CLOUD_AGREEMENT)
    found = papers.TEMPLATES.get(kind)
    items = list(papers.TEMPLATES.values()) if kind == "*" else [found] if found else []
    return ok(render.collection(items))


@emulates("GET_AGREEMENT_DOCUMENT")
def agreement_document(call: Call) -> Answer:
    """Links to the text in the language wanted, for the country wanted; English and all countries without."""
    key = call.params["template_id"].lower()
    if key not in {template["templateId"] for template in papers.TEMPLATES.values()}:
        raise Refusal(3000, "The agreement template was not found.", status=404)
    language, country = call.query.get("language") or "en-US", call.query.get("country") or ""
    return ok(papers.document(key, language, country))


@emulates("LIST_CONSENTS")
def list_consents(call: Call) -> Answer:
    kind = call.query.get("agreementtype", papers.CLOUD_AGREEMENT)
    with call.store.lock:
        _, found = _agreements(call)
    return ok(render.collection([one for one in found if one["type"] == kind]))


@emulates("CONFIRM_CONSENT")
def confirm_consent(call: Call) -> Answer:
    with call.store.lock:
        customer, found = _agreements(call)
        try:
            wanted = papers.agreement_wanted(call.body, call.store.clock.now())
        except Refusal:
            _record(call, customer, "create_agreement", "failed")
            raise
        dossier = call.store.dossiers.of(customer.id)
        dossier.agreements = [wanted, *found]
        call.store.dossiers.keep(dossier)
        _record(call, customer, "create_agreement", "succeeded", wanted)
    return ok({"userId": call.claims.get("oid", ""), **wanted}, status=201)


@emulates("GET_DIRECT_SIGNED_STATUS")
def direct_signed(call: Call) -> Answer:
    customer = call.store.customer(call.params["customer_id"])
    kind = "DirectSignedCustomerAgreementStatus"
    signed = papers.signed_directly(customer)
    return ok({"isSigned": signed, "attributes": {"objectType": kind}})


@emulates("LIST_QUALIFICATIONS")
def list_qualifications(call: Call) -> Answer:
    with call.store.lock:
        return ok(_qualifications(call)[1])


@emulates("GET_QUALIFICATION")
def get_qualification(call: Call) -> Answer:
    """Answer the withdrawn form: one word."""
    with call.store.lock:
        _, found = _qualifications(call)
    approved = [one["qualification"] for one in found if one["vettingStatus"] == "Approved"]
    return ok(str(approved[0]).lower() if approved else "none")


@emulates("ADD_QUALIFICATION")
def add_qualification(call: Call) -> Answer:
    """201; the day stands under another name than in the list, as on the page."""
    made = dict(_qualify(call, call.body))
    made["vettingCreateDate"] = made.pop("vettingCreatedDate")
    return ok(made, status=201)


@emulates("SET_QUALIFICATION")
def set_qualification(call: Call) -> Answer:
    """Take the withdrawn form: the number of the kind, which counts at once."""
    kinds = {1: papers.EDUCATION, 3: papers.GOVERNMENT}
    body = {"qualification": kinds.get(call.body), "educationSegment": "K12"}
    return ok(str(_qualify(call, body, at_once=True)["qualification"]).lower())


@emulates("LIST_VALIDATION_CODES")
def list_codes(call: Call) -> Answer:
    with call.store.lock:
        used = call.store.dossiers.used_codes
        return ok(papers.codes(call.store.settings.tenant_id, used))


def _agreements(call: Call) -> tuple[Customer, list[JSON]]:
    store = call.store
    customer = store.customer(call.params["customer_id"])
    dossier = store.dossiers.of(customer.id)
    return customer, papers.agreements(dossier, customer, store.profile(customer), store.anchor)


def _qualifications(call: Call) -> tuple[Customer, list[JSON]]:
    store = call.store
    customer = store.customer(call.params["customer_id"])
    dossier = store.dossiers.of(customer.id)
    return customer, papers.qualifications(dossier, customer, store.clock.now())


def _qualify(call: Call, body: object, *, at_once: bool = False) -> JSON:
    kind = "update_customer_qualification"
    with call.store.lock:
        customer, found = _qualifications(call)
        used, now = call.store.dossiers.used_codes, call.store.clock.now()
        try:
            wanted = papers.qualification_wanted(body, call.query.get("code", ""), used, now)
        except Refusal:
            _record(call, customer, kind, "failed")
            raise
        if at_once:
            wanted["vettingStatus"] = "Approved"
        others = [one for one in found if one["qualification"] != wanted["qualification"]]
        dossier = call.store.dossiers.of(customer.id)
        dossier.qualifications = [*others, wanted]
        call.store.dossiers.keep(dossier)
        _record(call, customer, kind, "succeeded", wanted)
    return wanted


def _record(
    call: Call, customer: Customer, kind: str, status: str, new: JSON | None = None
) -> None:
    event = Event(customer, "customer", kind, status, None, new)
    call.store.audit.write(event, call.actor, call.store.clock.now())
