"""The worker's side: look whether the customer has the domain, add it, look again."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from customers.asking.submitting import TARGET, target
from customers.domains import actions
from portal.mirror import families, upsert
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.operations.customers import ADD_VERIFIED_DOMAIN, GET_CUSTOMER

FIELDS = {
    "domain": _("Domain"),
    "authentication": _("Sign-in"),
    "issuer_uri": _("Issuer"),
    "passive_log_on_uri": _("Sign-in address"),
    "log_off_uri": _("Sign-out address"),
    "signing_certificate": _("Signing certificate"),
    "active_log_on_uri": _("Sign-in address of applications"),
    "metadata_exchange_uri": _("Address of the metadata"),
    "brand_name": _("Name shown at sign-in"),
    "protocol": _("Protocol"),
}


def send(attempt: Attempt) -> verbs.Delivered:
    """Add it, unless it is there."""
    command = attempt.command
    payload, at = _read(attempt)
    if _has(payload, command):
        save = _saver(command, payload, at)
        if attempt.may_have_left:
            return verbs.Applied(save=save)
        return verbs.Changed(difference={"domain": (None, command.after["domain"])}, save=save)
    reply = attempt.write(
        ADD_VERIFIED_DOMAIN, customer_id=command.customer_pc_id, body=wire(command.after)
    )
    payload, at = _read(attempt)
    if not _has(payload, command):
        return verbs.Accepted(correlation_id=reply.correlation_id)
    return verbs.Applied(save=_saver(command, payload, at), correlation_id=reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """What a read says about a write whose answer was lost."""
    payload, at = _read(attempt)
    if not _has(payload, attempt.command):
        return verbs.NotApplied()
    save = _saver(attempt.command, payload, at)
    return verbs.Applied(save=save, correlation_id=attempt.step.correlation_id)


def wire(told: Mapping[str, Any]) -> dict[str, Any]:
    """The body of the call; the settings go along with a federated domain only."""
    body: dict[str, Any] = {
        "VerifiedDomainName": told["domain"],
        "Domain": {
            "AuthenticationType": told["authentication"],
            "Capability": "Email",
            "Name": told["domain"],
            "Status": "Verified",
            "VerificationMethod": "None",
        },
    }
    if told["authentication"] == actions.FEDERATED:
        settings = {
            "IssuerUri": told["issuer_uri"],
            "PassiveLogOnUri": told["passive_log_on_uri"],
            "LogOffUri": told["log_off_uri"],
            "SigningCertificate": told["signing_certificate"],
            "ActiveLogOnUri": told.get("active_log_on_uri"),
            "MetadataExchangeUri": told.get("metadata_exchange_uri"),
            "FederationBrandName": told.get("brand_name"),
            "PreferredAuthenticationProtocol": told.get("protocol") or "WsFed",
            "PromptLoginBehavior": "TranslateToFreshPasswordAuth",
        }
        body["DomainFederationSettings"] = {k: v for k, v in settings.items() if v}
    return body


def _read(attempt: Attempt) -> tuple[dict[str, Any], dt.datetime]:
    reply = attempt.read(GET_CUSTOMER, customer_id=attempt.command.customer_pc_id)
    return dict(reply.body), reply.observed_at


def _has(payload: Mapping[str, Any], command: Command) -> bool:
    names = [str(name).lower() for name in payload.get("customDomains") or []]
    return command.after["domain"] in names


def _saver(command: Command, payload: dict[str, Any], at: dt.datetime) -> verbs.Save:
    def save() -> dict[str, Any]:
        family = families.get("customers")
        if family.detail is None:
            raise LookupError("customers have no detail representation")
        representation = family.detail.representation
        connection = command.connection
        upsert.upsert(family, representation, connection, [payload], observed_at=at)
        return dict(command.after)

    return save


def show(_field: str, value: Any) -> str:
    """One value in words."""
    return str(value) if value else pgettext("no value", "none")


def _summary(command: Command) -> str:
    return str(_("Domain: %(name)s")) % {"name": command.after["domain"]}


def register() -> None:
    """Enter the verb; called from AppConfig.ready."""
    verbs.register(
        verbs.Verb(
            name=actions.ADD_DOMAIN,
            label=_("Add verified domain"),
            right=actions.RIGHT,
            target_type=TARGET,
            target=target,
            steps=(verbs.Step(name=ADD_VERIFIED_DOMAIN.name, deliver=send, settle=settle),),
            fields=FIELDS,
            target_url="customer_domains",
            show=show,
            summary=_summary,
        )
    )
