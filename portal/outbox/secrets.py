"""What Partner Center answers once: kept sealed, shown once to the person who asked, gone after a day.

A delivery keeps such a value here and nowhere else::

    reply = attempt.write(CREATE_USER, ...)
    secrets.keep(attempt.command, secrets.PASSWORD, reply.body["passwordProfile"]["password"])

Call ``keep`` at once after the answer, in ``deliver`` and not in ``Applied.save``: what ``save`` does may be
rolled back, and the answer comes once. A password that the portal itself has to send is made by
``made`` before the write leaves; every further attempt sends the same one::

    password = secrets.made(attempt.command, secrets.PASSWORD)

One that a person typed is put in with ``hand`` in the transaction of ``commands.submit``; ``made`` then
gives that one. Leave all of it out of ``parameters``, ``after``, ``answer``, what ``save`` returns and the
payload of the mirror. A template includes ``outbox/_secret.html`` with ``secret=secrets.offered(scope,
command)``; over the API it is ``POST /api/v1/changes/<id>/secrets/``.
"""

import datetime as dt
import secrets
import string
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy

from portal.access.scope import Scope
from portal.activity import kinds, log
from portal.activity.actors import Actor
from portal.connections.secrets import MASK
from portal.outbox import events
from portal.outbox.models import Command, CommandSecret
from portal.outbox.states import State

USER_NAME = "user_name"
PASSWORD = "password"  # noqa: S105 - the name of a value
KEPT_FOR = dt.timedelta(hours=24)
# Names of fields whose values never stand in a body that is kept.
HIDDEN = frozenset({"password"})
LENGTH = 16
# Without signs that are taken for one another.
_KINDS = (
    "".join(set(string.ascii_lowercase) - set("lo")),
    "".join(set(string.ascii_uppercase) - set("IO")),
    "23456789",
    "!#%+-=?@",
)
_WORDS = {USER_NAME: gettext_lazy("User name"), PASSWORD: gettext_lazy("Password")}

READ = "secret.read"
kinds.kind(READ, gettext_lazy("Password shown"))


def keep(command: Command, label: str, value: str) -> None:
    """Seal a value for the person behind the Command, for 24 h. The same label again replaces it.

    ``label`` is PASSWORD, USER_NAME or a text that is shown as it is.
    """
    CommandSecret.objects.update_or_create(
        command=command,
        label=label,
        defaults={
            "actor_id": command.actor_id,
            "value": value,
            "expires_at": timezone.now() + KEPT_FOR,
        },
    )


def hand(command: Command, label: str, value: str) -> None:
    """Seal a value that the person typed, until the delivery sends it (``made``)."""
    CommandSecret.objects.get_or_create(
        command=command,
        label=label,
        defaults={
            "actor_id": command.actor_id,
            "value": value,
            # It may wait for a second person or its time; the day begins when it is sent.
            "expires_at": None,
        },
    )


def made(command: Command, label: str) -> str:
    """The value that goes out with the write: the one handed over, else one made now; it is committed here.

    The same on every attempt, so that a write which is sent again is the same write.
    """
    with transaction.atomic(durable=True):
        found = CommandSecret.objects.select_for_update().filter(command=command, label=label)
        kept = found.first()
        value = kept.value.reveal() if kept else password()
        keep(command, label, value)
    return str(value)


def password() -> str:
    """A password of 16 signs with small and capital letters, digits and marks, as Microsoft asks."""
    signs = [secrets.choice(kind) for kind in _KINDS]
    signs += [secrets.choice("".join(_KINDS)) for _each in range(LENGTH - len(signs))]
    secrets.SystemRandom().shuffle(signs)
    return "".join(signs)


def offered(scope: Scope, command: Command) -> Command | None:
    """The Command if this person can still read what it answered; no query for one that is not theirs."""
    if command.state != State.SUCCEEDED or command.actor_id != scope.user_id or scope.read_only:
        return None
    return command if _of(scope, command).exists() else None


def is_kept(command: Command, label: str) -> bool:
    """Whether a value of this name was sealed and nobody has read it yet."""
    return CommandSecret.objects.filter(command=command, label=label).exists()


def take(actor: Actor, scope: Scope, command: Command) -> list[tuple[str, str]]:
    """The values with their labels, once: they are deleted in this transaction, and the log says so.

    Raises Http404 for everybody but the person who asked, for a Command that is not confirmed, and
    when they have been read or are older than a day.
    """
    if offered(scope, command) is None:
        raise Http404
    found = []
    for row in _of(scope, command).order_by("pk"):
        value = row.value.reveal()
        # Two clicks at once: only one of them deletes the row, and only that one is shown it.
        if CommandSecret.objects.filter(pk=row.pk).delete()[0]:
            found.append((_word(row.label), value))
    if not found:
        raise Http404
    _record(actor, command)
    return found


def forget() -> int:
    """Delete what nobody has read in time, or of a Command that came to nothing; how many."""
    now = timezone.now()
    late = Q(expires_at__lte=now)
    dead = Q(command__state__in=(State.CANCELLED, State.WITHHELD))
    left = Q(command__state=State.FAILED, command__settled_at__lte=now - KEPT_FOR)
    return CommandSecret.objects.filter(late | dead | left).delete()[0]


def masked(body: Any) -> Any:
    """A body as it may be kept and shown: without the values of HIDDEN fields."""
    if isinstance(body, dict):
        return {
            name: MASK if name.lower() in HIDDEN and value else masked(value)
            for name, value in body.items()
        }
    if isinstance(body, str | bytes) or not isinstance(body, Iterable):
        return body
    return [masked(part) for part in body]


def _of(scope: Scope, command: Command) -> "QuerySet[CommandSecret]":
    rows = CommandSecret.objects.filter(command=command, actor_id=scope.user_id)
    return rows.filter(expires_at__gt=timezone.now())


def _word(label: str) -> str:
    return str(_WORDS.get(label, label))


def _record(actor: Actor, command: Command) -> None:
    log.record(
        READ,
        actor=actor,
        connection=command.connection,
        reseller_id=command.reseller_id,
        target=events.target(command),
        customer_pc_id=command.customer_pc_id,
        command_id=command.pk,
    )
