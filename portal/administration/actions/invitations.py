"""Invitations: a person added without a password gets a link by mail and sets the password there.

The link is signed and bound to the account's present password mark, so it works once, and an older
link dies when it is sent again. Who may invite whom is what ``portal.access.people`` says.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import people
from portal.access.models import Reseller, User
from portal.access.people import Place
from portal.access.scope import Scope
from portal.access.standing import home_reseller
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.activity.personal import Personal, subject_of
from portal.notifications import kinds, letters
from portal.notifications.telling import News, letter, mail

SALT = "portal.invitation"
DAYS = 7
LIFETIME = DAYS * 24 * 3600  # seconds
INVITED = "account.invitation"
INVITED_AT_RESELLER = "account.reseller_invitation"
TEXTS = Path(__file__).parent.parent / "mails"


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Who is invited, in which role, and the language of the mail ("" for the portal's own)."""

    email: str
    name: str
    role: str
    place: Place
    language: str = ""


def register() -> None:
    """Enter the kinds of mail; called from AdministrationConfig.ready."""
    kinds.register(
        kinds.Kind(
            slug=INVITED,
            label=gettext_lazy("Invitation"),
            subject=gettext_lazy("Your account on the CSP portal"),
            text=gettext_lazy(
                "{inviter} has invited you to the portal. Choose your password here. "
                "The link works once, for seven days."
            ),
            choosable=False,
        )
    )
    letters.register(
        letters.Letter(
            slug=INVITED_AT_RESELLER,
            label=gettext_lazy("Invitation to reseller staff"),
            audience=gettext_lazy("Staff of indirect resellers"),
            folder=TEXTS,
            places=(
                letters.Place(
                    name="person", label=gettext_lazy("Who is invited"), sample="Camille Martin"
                ),
                letters.Place(
                    name="inviter", label=gettext_lazy("Who invites"), sample="Alex Dupont"
                ),
                letters.Place(
                    name="reseller", label=gettext_lazy("Indirect reseller"), sample="Fabrikam"
                ),
                letters.Place(
                    name="link",
                    label=gettext_lazy("Where the person chooses a password"),
                    sample=f"{settings.PUBLIC_URL}/account/invitation/…/",
                    needed=True,
                    secret=True,
                ),
                letters.Place(
                    name="days",
                    label=gettext_lazy("Days for which the link works"),
                    sample=str(DAYS),
                ),
            ),
        )
    )


@transaction.atomic
def invite(actor: Actor, scope: Scope, guest: Guest) -> User:
    """Add a person and send them the link. Raises as ``people.add``."""
    user, _password = people.add(
        actor, scope, email=guest.email, name=guest.name, role=guest.role, place=guest.place
    )
    user.language = guest.language
    user.save(update_fields=["language"])
    _send(actor, user)
    return user


@transaction.atomic
def send_again(actor: Actor, scope: Scope, user: User) -> None:
    """Send a new link; the old one stops working. PermissionDenied for somebody not theirs to manage."""
    if not people.may_manage(scope, user):
        raise PermissionDenied
    if not is_pending(user):
        raise ValidationError(_("This person has a password already."))
    _send(actor, user)


def is_pending(user: User) -> bool:
    """Whether somebody was invited and has not come yet."""
    return not user.has_usable_password()


def guest_of(token: str) -> User | None:
    """The person whom a link invites; None if it was used, replaced, forged or is too old."""
    try:
        told: dict[str, Any] = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=told["user"], is_active=True).first()
    if user is None or not is_pending(user) or told["mark"] != _mark(user):
        return None
    return user


@transaction.atomic
def accept(actor: Actor, user: User, password: str) -> None:
    """Keep the password and what the person filled in; the link is spent."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not is_pending(locked):
        raise ValidationError(_("This person has a password already."))
    user.set_password(password)
    user.save(update_fields=["name", "language", "time_zone", "password"])
    _note("invitation.accepted", actor, user)


def _send(actor: Actor, user: User) -> None:
    user.set_unusable_password()
    user.save(update_fields=["password"])
    token = signing.dumps({"user": user.pk, "mark": _mark(user)}, salt=SALT)
    _write(actor, user, reverse("invitation", args=[token]))
    _note("invitation.sent", actor, user)


def _write(actor: Actor, user: User, url: str) -> None:
    """Staff of a reseller get the mail whose text the distributor may rewrite."""
    inviter = str(User.objects.filter(pk=actor.user_id or 0).first() or "")
    reseller = Reseller.objects.filter(pk=home_reseller(user) or 0).first()
    if reseller is None:
        news = News(kind=INVITED, parameters={"inviter": inviter}, url=url)
        mail(user.email, user.language, news)
        return
    told = {"person": str(user), "inviter": inviter, "reseller": reseller.name, "days": DAYS}
    news = News(
        kind=INVITED_AT_RESELLER,
        parameters=told,
        url=url,
        connection_id=reseller.connection_id,
    )
    letter(user.email, user.language, news)


def _mark(user: User) -> str:
    """A digest of the stored password: for an invited one a random text, new with each link."""
    return signing.Signer(salt=SALT).signature(user.password)


def _note(kind: str, actor: Actor, user: User) -> None:
    record(
        kind,
        actor=actor,
        reseller_id=home_reseller(user),
        target=("user", user.pk, ""),
        about=Personal(subject_of(user.pk), {"email": user.email, "name": user.name}),
    )
