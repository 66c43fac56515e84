"""A person's own API tokens. The token itself is seen once; afterwards only its digest exists."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Left

from portal.access.models import ApiToken, User
from portal.access.standing import home_reseller
from portal.activity.actors import Actor
from portal.activity.log import record


@dataclass(frozen=True)
class Asked:
    """What a token is wanted for, and how wide and long."""

    name: str
    read_only: bool
    lifetime: timedelta


def of(user: User) -> QuerySet[ApiToken]:
    """A person's tokens, newest first, the expired ones included; ``short`` names each in addresses."""
    found: QuerySet[ApiToken] = (
        ApiToken.objects.filter(user=user).annotate(short=Left("pk", 32)).order_by("-created")
    )
    return found


@transaction.atomic
def create(actor: Actor, user: User, asked: Asked) -> str:
    """Make a token and return it in clear, the only time."""
    token: str
    _row, token = ApiToken.objects.create(
        user, expiry=asked.lifetime, name=asked.name, read_only=asked.read_only
    )
    _note("token.created", actor, user, asked.name)
    return token


@transaction.atomic
def revoke(actor: Actor, user: User, row: ApiToken) -> None:
    """End a token at once."""
    _note("token.revoked", actor, user, row.name)
    row.delete()


def _note(kind: str, actor: Actor, user: User, name: str) -> None:
    record(
        kind,
        actor=actor,
        reseller_id=home_reseller(user),
        target=("user", user.pk, ""),
        parameters={"name": name},
    )
