"""Roles offered to who has an account already, which whoever invites need not know.

The answer to an invitation is the same as for a new address. The person gets a mail with a link, signs in
with the account they have, and accepts; only then do they appear among the people of who invited them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.access import people
from portal.access.entering import widened
from portal.access.models import Reseller, User
from portal.access.people import Place
from portal.access.roles import Role
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.activity.personal import Personal, subject_of
from portal.administration.actions.invitations import LIFETIME, Guest
from portal.connections.models import Connection
from portal.notifications import kinds
from portal.notifications.telling import News, mail

SALT = "portal.offer"
OFFERED = "account.role_offered"


@dataclass(frozen=True)
class Offer:
    """A role at a place, and who offers it."""

    inviter: User
    role: str
    place: Place

    @property
    def role_label(self) -> str:
        """The role in words."""
        return str(Role(self.role).label)

    @property
    def where(self) -> str:
        """The place by its name."""
        return str(self.place.reseller or self.place.connection or "")


def register() -> None:
    """Enter the kind of mail; called from AdministrationConfig.ready."""
    kinds.register(
        kinds.Kind(
            slug=OFFERED,
            label=gettext_lazy("Role offered"),
            subject=gettext_lazy("A further role on the CSP portal: {where}"),
            text=gettext_lazy(
                "{inviter} offers you the role {role} at {where}. You have an account already: sign in "
                "with it and accept here, within seven days. Without an answer nothing changes."
            ),
            choosable=False,
            words=_words,
        )
    )


def offer(actor: Actor, scope: Scope, user: User, guest: Guest) -> None:
    """Write to the person. Raises as ``people.grant``; somebody barred is written nothing."""
    people.require_grant(scope, guest.role, guest.place)
    # As it was written: the entry tells whoever invites no more than they knew.
    known = Personal(subject_of(user.pk), {"email": guest.email, "name": guest.name})
    record(
        "invitation.sent",
        actor=actor,
        connection=guest.place.connection,
        reseller_id=guest.place.reseller_id,
        target=("user", user.pk, ""),
        about=known,
    )
    if not user.is_active:
        return
    told = {"by": actor.user_id, "user": user.pk, "role": guest.role}
    told |= {"connection": guest.place.connection_id, "reseller": guest.place.reseller_id}
    found = Offer(User.objects.get(pk=actor.user_id or 0), guest.role, guest.place)
    words = {"inviter": str(found.inviter), "role": guest.role, "where": found.where}
    url = reverse("role_offer", args=[signing.dumps(told, salt=SALT)])
    mail(user.email, user.language, News(kind=OFFERED, parameters=words, url=url))


def offer_of(token: str, user: User) -> Offer | None:
    """What a link offers to this person; None if it is forged, too old, for somebody else, or withdrawn."""
    try:
        told: dict[str, Any] = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return None
    inviter = User.objects.filter(pk=told["by"], is_active=True).first()
    if told["user"] != user.pk or inviter is None:
        return None
    with widened(Scope.system()):  # the place is not in the person's part of the portal yet
        place = Place(
            Connection.objects.filter(pk=told["connection"]).first(),
            Reseller.objects.filter(pk=told["reseller"]).first(),
        )
    found = Offer(inviter, told["role"], place)
    return found if people.may_grant(Scope.for_user(inviter), found.role, place) else None


@transaction.atomic
def accept(user: User, found: Offer) -> None:
    """Give the role, as the one who offered it would; one that is held already stays."""
    actor, scope = Actor.for_user(found.inviter), Scope.for_user(found.inviter)
    try:
        people.grant(actor, scope, user, role=found.role, place=found.place)
    except ValidationError:
        return
    people.note("invitation.accepted", Actor.for_user(user, via="web"), user, found.place)


def _words(told: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**told, "role": str(Role(told["role"]).label)}
