"""Confirming the Customer Agreement, and asking for a qualification."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from customers.agreements.part import EDUCATION, GOVERNMENT, IN_REVIEW
from customers.asking.submitting import Wish, must_be_there, submit
from customers.models import Agreement, Customer, Qualification
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.connections.models import Connection
from portal.outbox import clouds, commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.partnercenter.operations.agreements import ADD_QUALIFICATION

CONFIRM_AGREEMENT = "customer.confirm_agreement"
ASK_QUALIFICATION = "customer.set_qualification"
RIGHTS = {CONFIRM_AGREEMENT: "agreements.confirm", ASK_QUALIFICATION: "qualifications.edit"}
CONTACT = ("first_name", "last_name", "email", "phone")


def may_ask(customer: Customer) -> None:
    """Refuse where Partner Center does not have this at all (national clouds) or needs a person's consent."""
    must_be_there(customer)
    clouds.must_have(customer.connection, ADD_QUALIFICATION.name)
    if not may_be_asked(customer.connection):
        raise RefusedError("consent", _("Only a person's consent opens this call."))


def may_be_asked(connection: Connection) -> bool:
    """Whether Partner Center takes either of the two through this connection."""
    here = clouds.has(connection, ADD_QUALIFICATION.name)
    return here and connection.consented_at is not None


def confirm_agreement(
    actor: Actor, scope: Scope, customer: Customer, values: dict[str, Any], asked: Asked
) -> Command:
    """Ask to confirm that somebody at the customer accepted the Microsoft Customer Agreement on a day.

    Raises RefusedError, Http404, PermissionDenied, commands.KeyReusedError.
    """
    require(scope, RIGHTS[CONFIRM_AGREEMENT], customer)
    if found := commands.earlier(actor, CONFIRM_AGREEMENT, customer, asked.submission):
        return found
    may_ask(customer)
    wish = Wish(CONFIRM_AGREEMENT, {"agreed_on": last_agreed(customer)}, agreement(values))
    return submit(actor, scope, customer, wish, asked)


def agreement(values: dict[str, Any]) -> dict[str, Any]:
    """What is confirmed: the day and the person. Raises RefusedError."""
    day = values["agreed_on"]
    if day > timezone.localdate():
        raise RefusedError("future", _("The day cannot be in the future."), "agreed_on")
    told = {name: str(values.get(name) or "").strip() for name in CONTACT}
    return {"agreed_on": day.isoformat()} | told


def last_agreed(customer: Customer) -> str | None:
    """The day of the newest confirmation that the mirror knows, None for none."""
    found = Agreement.objects.filter(customer=customer, gone_at=None, agreed_at__isnull=False)
    newest = found.order_by("-agreed_at").values_list("agreed_at", flat=True).first()
    return newest.date().isoformat() if newest else None


def set_qualification(
    actor: Actor, scope: Scope, customer: Customer, values: dict[str, Any], asked: Asked
) -> Command:
    """Ask for a qualification (update-a-customer-s-qualification, the asynchronous form). Raises as above."""
    require(scope, RIGHTS[ASK_QUALIFICATION], customer)
    if found := commands.earlier(actor, ASK_QUALIFICATION, customer, asked.submission):
        return found
    may_ask(customer)
    before, after = qualification(customer, values)
    return submit(actor, scope, customer, Wish(ASK_QUALIFICATION, before, after), asked)


def qualification(
    customer: Customer, values: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The vetting as it stands and what is asked for. Raises RefusedError."""
    after = wanted(values)
    kind = after["qualification"]
    row = Qualification.objects.filter(customer=customer, kind=kind, gone_at=None).first()
    if row is not None and row.status.lower() in IN_REVIEW:
        raise RefusedError("in_review", _("This qualification is under review."), "qualification")
    return {"status": row.status if row else None}, after


def wanted(values: dict[str, Any]) -> dict[str, Any]:
    """A qualification with what its kind needs. Raises RefusedError."""
    kind = values["qualification"]
    after = {"qualification": kind}
    if kind == EDUCATION:
        if not values.get("segment"):
            told = _("Choose the kind of school.")
            raise RefusedError("segment", told, "segment")
        after |= {"segment": values["segment"], "website": values.get("website") or ""}
    if kind == GOVERNMENT:
        if not values.get("code"):
            raise RefusedError("code", _("Write the validation code."), "code")
        after |= {"code": values["code"]}
    return after
