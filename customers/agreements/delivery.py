"""The worker's side: read what stands, send what is asked, keep what stands then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from customers.agreements import actions, mapping
from customers.agreements.part import (
    AGREEMENTS,
    CUSTOMER_AGREEMENT,
    EDUCATION,
    GOVERNMENT,
    KINDS,
    QUALIFICATIONS,
    SEGMENTS,
    STATUSES,
    newest,
)
from customers.asking import earlier
from customers.asking.submitting import TARGET, target
from portal.mirror import families, freshness, refresh, upsert
from portal.mirror.values import moment, text
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.errors import BadAnswer, PartnerError
from portal.partnercenter.operations.agreements import (
    ADD_QUALIFICATION,
    CONFIRM_CONSENT,
    GET_QUALIFICATION,
    LIST_AGREEMENT_TEMPLATES,
    LIST_CONSENTS,
    LIST_QUALIFICATIONS,
    SET_QUALIFICATION,
)
from portal.partnercenter.paging import items_of

# What the call of before 2021 can set (update-a-customer-s-qualification), as numbers of its enumeration.
EARLIER = {EDUCATION: 1, GOVERNMENT: 3}
Items = Sequence[Mapping[str, Any]]
FIELDS = {
    "agreed_on": _("Agreed on"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "qualification": _("Qualification"),
    "status": _("Status"),
    "segment": _("Kind of school"),
    "website": _("Website"),
    "code": _("Validation code"),
}


@dataclass(frozen=True)
class Kind:
    """One of the two verbs: what is read, how it is told that it stands, what is sent."""

    family: str
    read: Callable[[Attempt], tuple[Items, Any]]
    seen: Callable[[Items, Command], dict[str, Any]]
    stands: Callable[[Items, Command], bool]
    send: Callable[[Attempt], str]


def deliver(kind: Kind) -> Callable[[Attempt], verbs.Delivered]:
    """How a step of this verb is sent: never twice, never over what the person has not seen."""

    def send(attempt: Attempt) -> verbs.Delivered:
        command = attempt.command
        items, at = kind.read(attempt)
        if attempt.may_have_left and kind.stands(items, command):
            return verbs.Applied(save=_saver(kind, command, items, at))
        if difference := _difference(kind, command, items):
            save = _saver(kind, command, items, at)
            return verbs.Changed(difference=difference, save=save)
        correlation_id = kind.send(attempt)
        items, at = kind.read(attempt)
        if not kind.stands(items, command):
            return verbs.Accepted(correlation_id=correlation_id)
        save = _saver(kind, command, items, at)
        return verbs.Applied(save=save, correlation_id=correlation_id)

    return send


def settle(kind: Kind) -> Callable[[Attempt], verbs.Found]:
    """What a read says about a write whose answer was lost."""

    def look(attempt: Attempt) -> verbs.Found:
        items, at = kind.read(attempt)
        save = _saver(kind, attempt.command, items, at)
        if kind.stands(items, attempt.command):
            return verbs.Applied(save=save, correlation_id=attempt.step.correlation_id)
        return verbs.NotApplied()

    return look


def _difference(kind: Kind, command: Command, items: Items) -> dict[str, tuple[Any, Any]]:
    now = kind.seen(items, command)
    return {name: (seen, now[name]) for name, seen in command.before.items() if now[name] != seen}


def _saver(kind: Kind, command: Command, items: Items, at: Any) -> verbs.Save:
    """Bring the customer's list up to what was read, and tell what is confirmed."""

    def save() -> dict[str, Any]:
        family, customer = families.get(kind.family), command.customer_pc_id
        upsert.upsert(
            family,
            family.listing.representation,
            command.connection,
            [dict(item) for item in items],
            observed_at=at,
            parent=customer,
        )
        freshness.note(command.connection, kind.family, [(customer, at)])
        refresh.request(command.connection, "customers", customer, reason="change")
        told = command.after if kind.stands(items, command) else {}
        return told | {name: v for name, v in kind.seen(items, command).items() if name == "status"}

    return save


# --- the agreement --------------------------------------------------------------------------------


def _consents(attempt: Attempt) -> tuple[Items, Any]:
    reply = attempt.read(
        LIST_CONSENTS,
        customer_id=attempt.command.customer_pc_id,
        query={"agreementType": CUSTOMER_AGREEMENT},
    )
    return items_of(reply.body), reply.observed_at


def _day(item: Mapping[str, Any]) -> str:
    found = moment(item.get("dateAgreed"))
    return found.date().isoformat() if found else ""


def _newest(items: Items, _command: Command) -> dict[str, Any]:
    return {"agreed_on": max((_day(item) for item in items), default="") or None}


def _is_confirmed(items: Items, command: Command) -> bool:
    """Whether a confirmation of that day by that person stands."""
    email = str(command.after["email"]).lower()
    return any(
        _day(item) == command.after["agreed_on"]
        and text((item.get("primaryContact") or {}).get("email")).lower() == email
        for item in items
    )


def _confirm(attempt: Attempt) -> str:
    told = attempt.command.after
    contact = {
        "firstName": told["first_name"],
        "lastName": told["last_name"],
        "email": told["email"],
        "phoneNumber": told["phone"],
    }
    reply = attempt.write(
        CONFIRM_CONSENT,
        customer_id=attempt.command.customer_pc_id,
        body={
            "primaryContact": {name: value for name, value in contact.items() if value},
            "templateId": _template(attempt),
            "dateAgreed": f"{told['agreed_on']}T00:00:00.000Z",
            "type": CUSTOMER_AGREEMENT,
        },
    )
    return reply.correlation_id


def _template(attempt: Attempt) -> str:
    """The present template of the agreement: the one of the highest rank."""
    query = {"agreementType": CUSTOMER_AGREEMENT}
    reply = attempt.read(LIST_AGREEMENT_TEMPLATES, query=query)
    found = newest(items_of(reply.body))
    if found is None:
        message = "no template of the agreement"
        raise BadAnswer(message, operation=LIST_AGREEMENT_TEMPLATES.name)
    return text(found.get("templateId"))


AGREEMENT = Kind(AGREEMENTS, _consents, _newest, _is_confirmed, _confirm)


# --- the qualification ----------------------------------------------------------------------------


def _qualifications(attempt: Attempt) -> tuple[Items, Any]:
    customer_id = attempt.command.customer_pc_id
    try:
        reply = attempt.read(LIST_QUALIFICATIONS, customer_id=customer_id)
    except PartnerError as error:
        if not earlier.is_missing(error):
            raise
        told = attempt.read(GET_QUALIFICATION, customer_id=customer_id)
        return mapping.earlier(told.body), told.observed_at
    return items_of(reply.body), reply.observed_at


def _status(items: Items, command: Command) -> dict[str, Any]:
    kind = command.after["qualification"]
    found = [text(one.get("vettingStatus")) for one in items if one.get("qualification") == kind]
    return {"status": found[0] if found else None}


def _is_asked(items: Items, command: Command) -> bool:
    """Whether it is there now, in another state than the one in which it was asked for."""
    status = _status(items, command)["status"]
    return status is not None and status != command.before.get("status")


def _qualify(attempt: Attempt) -> str:
    told = attempt.command.after
    body = {
        "qualification": told["qualification"],
        "educationSegment": told.get("segment"),
        "website": told.get("website"),
        "validationCode": told.get("code"),
    }
    try:
        reply = attempt.write(
            ADD_QUALIFICATION,
            customer_id=attempt.command.customer_pc_id,
            body={name: value for name, value in body.items() if value},
        )
    except PartnerError as error:
        if not earlier.is_missing(error) or told["qualification"] not in EARLIER:
            raise
        return _qualify_as_before(attempt)
    return reply.correlation_id


def _qualify_as_before(attempt: Attempt) -> str:
    """By the call of before 2021, where Partner Center has only that: it counts at once, without review."""
    told = attempt.command.after
    reply = attempt.write(
        SET_QUALIFICATION,
        customer_id=attempt.command.customer_pc_id,
        query={"code": told["code"]} if told.get("code") else {},
        body=EARLIER[told["qualification"]],
    )
    return reply.correlation_id


QUALIFICATION = Kind(QUALIFICATIONS, _qualifications, _status, _is_asked, _qualify)


# --- the verbs ------------------------------------------------------------------------------------


def show(field: str, value: Any) -> str:
    """One value of a Command in words."""
    if not value:
        return pgettext("no value", "none")
    if field == "qualification":
        return str(KINDS.get(value, value))
    if field == "segment":
        return str(SEGMENTS.get(value, value))
    if field == "status":
        return str(STATUSES.get(str(value).lower(), ("", value))[1])
    return str(value)


def _agreed(command: Command) -> str:
    return str(_("Customer Agreement confirmed for %(day)s")) % {"day": command.after["agreed_on"]}


def _qualified(command: Command) -> str:
    told = show("qualification", command.after["qualification"])
    return str(_("Qualification: %(kind)s")) % {"kind": told}


def register() -> None:
    """Enter the verbs; called from AppConfig.ready."""
    for name, label, kind, summary in (
        (actions.CONFIRM_AGREEMENT, _("Confirm Customer Agreement"), AGREEMENT, _agreed),
        (actions.ASK_QUALIFICATION, _("Ask for a qualification"), QUALIFICATION, _qualified),
    ):
        step = verbs.Step(name=name, deliver=deliver(kind), settle=settle(kind))
        verbs.register(
            verbs.Verb(
                name=name,
                label=label,
                right=actions.RIGHTS[name],
                target_type=TARGET,
                target=target,
                steps=(step,),
                fields=FIELDS,
                target_url="customer_agreements",
                show=show,
                summary=summary,
                personal=frozenset(actions.CONTACT),
            )
        )
