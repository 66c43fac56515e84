"""The worker's side of registering for webhooks: read, compare, create or replace, keep the answer."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from portal.administration.webhooks import REGISTER
from portal.connections.models import Connection
from portal.mirror.webhooks import registration
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.errors import NotFound
from portal.partnercenter.operations.webhooks import (
    CREATE_WEBHOOK_REGISTRATION,
    GET_WEBHOOK_REGISTRATION,
    UPDATE_WEBHOOK_REGISTRATION,
)
from portal.partnercenter.transport import utc_now

RIGHT = "connections.manage"
FIELDS = {
    "url": _("Address"),
    "events": _("Events"),
    "ms_signature": _("Signature in the header x-ms-signature"),
}


def deliver(attempt: Attempt) -> verbs.Delivered:
    """Create the registration, or replace the one that is there."""
    command = attempt.command
    payload = _read(attempt)
    if _reached(command, payload):
        return verbs.Applied(save=_saver(command, payload))
    if difference := _difference(command, payload):
        return verbs.Changed(difference=difference, save=_saver(command, payload))
    operation = UPDATE_WEBHOOK_REGISTRATION if payload else CREATE_WEBHOOK_REGISTRATION
    reply = attempt.write(operation, body=_body(command))
    # Not every answer repeats the signature's place: what was sent holds until it is read again.
    answer = _body(command) | dict(reply.body)
    return verbs.Applied(save=_saver(command, answer), correlation_id=reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """What a read says about a write whose answer was lost."""
    payload = _read(attempt)
    if _reached(attempt.command, payload):
        return verbs.Applied(save=_saver(attempt.command, payload))
    return verbs.NotApplied()


def _read(attempt: Attempt) -> dict[str, Any]:
    try:
        return dict(attempt.read(GET_WEBHOOK_REGISTRATION).body)
    except NotFound:
        return {}


def _body(command: Command) -> dict[str, Any]:
    return {
        "WebhookUrl": command.after["url"],
        "WebhookEvents": command.after["events"],
        "SignatureTokenToMsSignatureHeader": command.after["ms_signature"],
    }


def _reached(command: Command, payload: dict[str, Any]) -> bool:
    values = registration.columns(payload)
    names = ["url", "events"]
    # The documented answer to the GET does not tell where the signature goes.
    if "SignatureTokenToMsSignatureHeader" in payload:
        names.append("ms_signature")
    return all(values[name] == command.after[name] for name in names)


def _difference(command: Command, payload: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    values = registration.columns(payload)
    return {
        name: (seen, values[name]) for name, seen in command.before.items() if values[name] != seen
    }


def _saver(command: Command, payload: dict[str, Any]) -> verbs.Save:
    def save() -> dict[str, Any]:
        values = registration.columns(payload)
        registration.keep(command.connection, values | {"observed_at": utc_now()})
        return {name: values[name] for name in command.after}

    return save


def target(command: Command) -> Connection | None:
    """The connection, None once it is gone."""
    return Connection.objects.filter(pk=command.target_id).first()


def show(_field: str, value: Any) -> str:
    """One value of a Command in words."""
    if isinstance(value, bool):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    if isinstance(value, list):
        return ", ".join(value)
    return str(value or "") or pgettext("no value", "none")


def register() -> None:
    """Enter the verb; called from AdministrationConfig.ready."""
    step = verbs.Step(name="REGISTER_WEBHOOK", deliver=deliver, settle=settle)
    verbs.register(
        verbs.Verb(
            name=REGISTER,
            label=_("Register for webhooks"),
            right=RIGHT,
            target_type="connection",
            target=target,
            steps=(step,),
            fields=FIELDS,
            show=show,
        )
    )
