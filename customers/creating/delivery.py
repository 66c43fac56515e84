"""The worker's side: is the domain still free, create, keep the password apart, read the customer into the mirror.

After a lost answer the customer is looked for by its domain; found, it is the one that was created.
"""

import datetime as dt
import json
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.asking import submitting
from customers.creating import actions, mapping, permission, rules
from customers.creating.first_user import ACCOUNT as FIRST
from customers.creating.places import RIGHT
from customers.models import Customer, CustomerUser, NewCustomer
from portal.mirror import families, upsert
from portal.outbox import chains, secrets, verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command, CommandStep
from portal.partnercenter.errors import PartnerError
from portal.partnercenter.operations.customers import (
    CREATE_CUSTOMER,
    CREATE_CUSTOMER_FOR_RESELLER,
    GET_CUSTOMER,
    SEARCH_CUSTOMERS,
)
from portal.partnercenter.operations.utilities import VERIFY_DOMAIN
from portal.partnercenter.transport import utc_now

FIELDS = {
    "name": _("Company"),
    "domain": _("Domain"),
    "country": _("Country"),
    "reseller": _("Indirect reseller"),
    "availability": _("Domain"),
    permission.FIELD: _("Permission (GDAP)"),
}
BARS = {"availability": _("The domain is taken. Ask again with another one.")}
_WORDS = {
    "availability": {actions.FREE: _("free"), actions.TAKEN: _("taken")},
    permission.FIELD: {permission.YES: _("yes"), permission.NO: _("no")},
}
FOUND = 20
LOST = {"first_password": "lost"}


def create(attempt: Attempt) -> verbs.Delivered:
    """Create it, unless the domain has been taken since it was checked."""
    row = _row(attempt.command)
    if attempt.read(VERIFY_DOMAIN, domain=row.domain).body:
        return verbs.Changed(difference={"availability": (actions.FREE, actions.TAKEN)})
    operation = CREATE_CUSTOMER if row.reseller is None else CREATE_CUSTOMER_FOR_RESELLER
    reply = attempt.write(operation, body=mapping.body(row))
    answer: dict[str, Any] = dict(reply.body)
    _keep_credentials(attempt.command, row, answer.get("userCredentials") or {})
    payload, observed_at = _read(attempt, mapping.kept(answer, row))
    return verbs.Applied(
        save=_saver(attempt.command, row, payload, observed_at),
        correlation_id=reply.correlation_id,
        answer=_lost(attempt.command),
    )


def settle(attempt: Attempt) -> verbs.Found:
    """Look for the domain among the partner's customers; its password is lost with the answer."""
    row = _row(attempt.command)
    wanted = {"Field": "Domain", "Value": row.domain, "Operator": "starts_with"}
    query = {"size": FOUND, "filter": json.dumps(wanted, separators=(",", ":"))}
    reply = attempt.read(SEARCH_CUSTOMERS, query=query)
    for found in reply.body.get("items", []):
        company = found.get("companyProfile") or {}
        if str(company.get("domain") or "").lower() == row.domain:
            if _is_anothers(row, str(found["id"])):
                return verbs.Changed(difference={"availability": (actions.FREE, actions.TAKEN)})
            payload, observed_at = _read(attempt, mapping.kept(dict(found), row))
            return verbs.Applied(
                save=_saver(attempt.command, row, payload, observed_at),
                correlation_id=attempt.step.correlation_id,
                answer=_lost(attempt.command),
            )
    return verbs.NotApplied()


def _is_anothers(row: NewCustomer, pc_id: str) -> bool:
    """Whether another request has created it: then this one's was refused, and its answer lost."""
    others = NewCustomer.objects.filter(connection=row.connection, customer__pc_id=pc_id.lower())
    return others.exclude(pk=row.pk).exists()


def _keep_credentials(command: Command, row: NewCustomer, told: dict[str, Any]) -> None:
    if not told.get("password"):
        return
    user = str(told.get("userName") or FIRST)
    secrets.keep(command, secrets.USER_NAME, user if "@" in user else f"{user}@{row.domain}")
    secrets.keep(command, secrets.PASSWORD, str(told["password"]))


def _lost(command: Command) -> dict[str, str] | None:
    """A mark for the step that the password never came, or went with the answer."""
    return None if secrets.is_kept(command, secrets.PASSWORD) else dict(LOST)


def hint(command: Command) -> verbs.Hint | None:
    """Where the first user gets another password, if nobody has learnt the first one."""
    row = NewCustomer.objects.select_related("customer").filter(pk=command.target_id).first()
    if row is None or row.customer is None:
        return None
    if not CommandStep.objects.filter(command=command, answer__contains=LOST).exists():
        return None
    name = f"{FIRST}@{row.domain}"
    users = CustomerUser.objects.filter(customer=row.customer, gone_at=None)
    user = users.filter(user_principal_name__iexact=name).first()
    return verbs.Hint(
        title=gettext("The first user's password was not received"),
        text=gettext(
            "The customer is there, its password got lost with the answer. Reset that of %(name)s."
        )
        % {"name": name},
        url=reverse("customer_user_password", args=[user.pk])
        if user
        else reverse("customer_users", args=[row.customer.pk]),
        button=gettext("Reset password") if user else gettext("Users"),
    )


def _read(attempt: Attempt, answer: dict[str, Any]) -> tuple[dict[str, Any], dt.datetime]:
    """The customer as get-by-id shows it; the answer itself where that cannot be read now."""
    try:
        reply = attempt.read(GET_CUSTOMER, customer_id=str(answer["id"]))
    except PartnerError:
        return answer, utc_now()
    return dict(reply.body), reply.observed_at


def _saver(
    command: Command, row: NewCustomer, payload: dict[str, Any], observed_at: dt.datetime
) -> verbs.Save:
    """Enter the customer with its reseller; empty what was kept of its people until now."""

    def save() -> dict[str, Any]:
        pc_id = str(payload["id"]).lower()
        family, connection = families.get("customers"), row.connection
        assert family.detail is not None
        shape = family.detail.representation
        upsert.upsert(family, shape, connection, [payload], observed_at=observed_at)
        if row.reseller is not None:
            _link(row, pc_id, observed_at)
        customer = Customer.objects.get(connection=connection, pc_id=pc_id)
        NewCustomer.objects.filter(pk=row.pk).update(customer=customer, details={})
        Command.objects.filter(pk=command.pk).update(customer_pc_id=pc_id)
        command.customer_pc_id = pc_id
        stand_in = (actions.TARGET, row.pk)
        chains.arrived(stand_in, (submitting.TARGET, customer.pk), pc_id, pc_id)
        return dict(command.after)

    return save


def _link(row: NewCustomer, pc_id: str, observed_at: dt.datetime) -> None:
    family = families.get("relationships")
    assert family.rescope is not None
    assert row.reseller is not None
    upsert.upsert(
        family,
        family.rescope.representation,
        row.connection,
        [{"id": row.reseller.pc_id}],
        observed_at=observed_at,
        parent=pc_id,
    )


def _row(command: Command) -> NewCustomer:
    return NewCustomer.objects.select_related("connection", "reseller").get(pk=command.target_id)


def target(command: Command) -> NewCustomer | None:
    """The request, None once it was emptied without having been sent."""
    row = NewCustomer.objects.filter(pk=command.target_id).first()
    return row if row is None or row.details or row.customer_id else None


def show(field: str, value: Any) -> str:
    """One value in words."""
    if field == "country":
        return rules.country_name(value)
    return str(_WORDS.get(field, {}).get(value, value))


def _summary(command: Command) -> str:
    return str(_("New customer: %(name)s")) % {"name": command.after.get("name", "")}


def register() -> None:
    """Enter the verb; called from AppConfig.ready."""
    verbs.register(
        verbs.Verb(
            name=actions.CREATE,
            label=_("Create customer"),
            right=RIGHT,
            target_type=actions.TARGET,
            target=target,
            steps=(verbs.Step(name=CREATE_CUSTOMER.name, deliver=create, settle=settle),),
            fields=FIELDS,
            bars=BARS,
            target_url="new_customer",
            show=show,
            summary=_summary,
            hint=hint,
        )
    )
