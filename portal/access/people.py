"""Managing people: who may add, change and bar whom. Each act is one transaction with its entry.

Two rules hold everywhere: nobody grants more than they hold themselves, by some one membership that
covers the place, and nobody changes their own role. The last administrator stays.
"""

import secrets
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from portal.access.models import Membership, Reseller, User
from portal.access.roles import PARTNER_ROLES, RESELLER_ROLES, Role, rights_of
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.activity.personal import Personal, subject_of
from portal.connections.models import Connection

RIGHT = "users.manage"


@dataclass(frozen=True)
class Place:
    """Where a role is held: everywhere, in a connection, or in one reseller's part of it."""

    connection: Connection | None = None
    reseller: Reseller | None = None

    @property
    def connection_id(self) -> int | None:
        return self.connection.pk if self.connection else None

    @property
    def reseller_id(self) -> int | None:
        return self.reseller.pk if self.reseller else None


def held(scope: Scope) -> QuerySet[Membership]:
    """The memberships that a scope manages."""
    narrowed = scope.narrowed(RIGHT)
    rows = Membership.objects.select_related("connection", "reseller")
    if narrowed.all_connections:
        return rows
    return rows.filter(
        Q(connection__in=narrowed.connection_ids) | Q(reseller__in=narrowed.reseller_ids)
    )


def people(scope: Scope) -> QuerySet[User]:
    """The people that a scope manages: everybody with a membership where the right holds."""
    if scope.narrowed(RIGHT).all_connections:
        return User.objects.all()
    return User.objects.filter(Exists(held(scope).filter(user=OuterRef("pk"))))


def people_with_roles(scope: Scope) -> QuerySet[User]:
    """The same, each with ``held_here``: what they hold where this scope manages, and no more."""
    return people(scope).prefetch_related(
        Prefetch("memberships", queryset=held(scope), to_attr="held_here")
    )


def person(scope: Scope, pk: int) -> User:
    """One of them with their memberships, or 404."""
    found = people(scope).prefetch_related("memberships__connection", "memberships__reseller")
    user = found.filter(pk=pk).first()
    if user is None:
        raise Http404
    return user


def memberships(scope: Scope, user: User) -> list[Membership]:
    """A person's memberships as far as the scope manages; what they hold elsewhere is not shown."""
    return [row for row in user.memberships.all() if _manages(scope, _place_of(row))]


def may_grant(scope: Scope, role: str, place: Place) -> bool:
    """Whether some one membership manages people at the place and holds every right of the role."""
    wanted = rights_of(role)
    return bool(wanted) and any(
        RIGHT in grant.rights
        and wanted <= grant.rights
        and _covers(grant.connection_id, grant.reseller_id, place)
        for grant in scope.grants
    )


def may_manage(scope: Scope, user: User) -> bool:
    """Whether the person as a whole (name, password, bar) is the scope's to manage: all they hold is."""
    if scope.read_only or user.pk == scope.user_id:
        return False
    return all(may_grant(scope, row.role, _place_of(row)) for row in user.memberships.all())


def places(scope: Scope) -> list[Place]:
    """Everywhere that the scope may give roles, widest first; not in what is retired or gone."""
    narrowed = scope.narrowed(RIGHT)
    connections = Connection.objects.filter(retired_at=None).order_by("name")
    resellers = Reseller.objects.filter(gone_at=None, connection__retired_at=None)
    resellers = resellers.select_related("connection").order_by("name")
    if not narrowed.all_connections:
        connections = connections.filter(pk__in=narrowed.connection_ids)
    found = [Place()] if narrowed.all_connections else []
    found += [Place(connection) for connection in connections]
    return found + [Place(row.connection, row) for row in narrowed.filter(resellers)]


def roles(scope: Scope) -> list[Role]:
    """The roles that the scope may give somewhere."""
    own = [grant.rights for grant in scope.grants if RIGHT in grant.rights]
    return [role for role in Role if any(rights_of(role) <= rights for rights in own)]


@transaction.atomic
def add(
    actor: Actor, scope: Scope, *, email: str, name: str, role: str, place: Place
) -> tuple[User, str]:
    """A new person with one role, and their first password, which is shown once.

    ValidationError if the address has an account already, PermissionDenied if the role is too wide.
    """
    _must_grant(scope, role, place)
    if elsewhere(scope, email) is not None:
        raise ValidationError({"email": _("Invite this person by mail.")})
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise ValidationError({"email": _("Somebody has this address already.")})
    password = new_password()
    user = User.objects.create_user(email, password, name=name.strip())
    note("user.created", actor, user, place)
    grant(actor, scope, user, role=role, place=place)
    return user, password


@transaction.atomic
def grant(actor: Actor, scope: Scope, user: User, *, role: str, place: Place) -> Membership:
    """Give a role. ValidationError for a place that the role cannot be held in, or held already."""
    require_grant(scope, role, place)
    _must_not_be_self(scope, user)
    membership, created = Membership.objects.get_or_create(
        user=user, role=role, connection=place.connection, reseller=place.reseller
    )
    if not created:
        raise ValidationError({"role": _("This role is held there already.")})
    note("membership.granted", actor, user, place, role=role)
    return membership


def require_grant(scope: Scope, role: str, place: Place) -> None:
    """PermissionDenied for a role too wide for the scope, ValidationError for a place it cannot be held in."""
    _must_grant(scope, role, place)
    if role in PARTNER_ROLES and place.reseller:
        raise ValidationError({"place": _("This role is not held within one reseller.")})
    if role in RESELLER_ROLES and not place.reseller:
        raise ValidationError({"place": _("This role is held within one reseller.")})


def elsewhere(scope: Scope, email: str) -> User | None:
    """The account of an address that this scope does not manage, and need not know of."""
    found = User.objects.filter(email__iexact=email.strip()).first()
    if found is None or people(scope).filter(pk=found.pk).exists():
        return None
    return found


@transaction.atomic
def withdraw(actor: Actor, scope: Scope, membership: Membership) -> None:
    """Take a role back. ValidationError if it is the last administrator's."""
    place = _place_of(membership)
    _must_grant(scope, membership.role, place)
    _must_not_be_self(scope, membership.user)
    _keep_an_administrator(without=membership)
    note("membership.withdrawn", actor, membership.user, place, role=membership.role)
    membership.delete()


@transaction.atomic
def rename(actor: Actor, scope: Scope, user: User, name: str) -> None:
    """Change the name that others see."""
    _must_manage(scope, user)
    if user.name != name:
        user.name = name
        user.save(update_fields=["name"])
        note("user.changed", actor, user, _home(user))


@transaction.atomic
def set_active(actor: Actor, scope: Scope, user: User, *, active: bool) -> None:
    """Bar a person from signing in, or let them again. Sessions and tokens stop at once."""
    _must_manage(scope, user)
    if user.is_active == active:
        return
    if not active:
        for membership in user.memberships.filter(role=Role.ADMINISTRATOR):
            _keep_an_administrator(without=membership)
    user.is_active = active
    user.save(update_fields=["is_active"])
    note("user.reactivated" if active else "user.deactivated", actor, user, _home(user))


@transaction.atomic
def reset_password(actor: Actor, scope: Scope, user: User) -> str:
    """A new password, shown once; every session of the person ends."""
    _must_manage(scope, user)
    password = new_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    note("user.password_reset", actor, user, _home(user))
    return password


def new_password() -> str:
    """A password that nobody guesses, without characters that look alike."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _n in range(5)) for _g in range(4))


# --- rules --------------------------------------------------------------------------------------


def _covers(connection_id: int | None, reseller_id: int | None, place: Place) -> bool:
    if reseller_id is not None:
        return place.reseller_id == reseller_id
    return connection_id is None or place.connection_id == connection_id


def _manages(scope: Scope, place: Place) -> bool:
    return any(
        RIGHT in grant.rights and _covers(grant.connection_id, grant.reseller_id, place)
        for grant in scope.grants
    )


def _must_grant(scope: Scope, role: str, place: Place) -> None:
    if scope.read_only or not may_grant(scope, role, place):
        raise PermissionDenied


def _must_manage(scope: Scope, user: User) -> None:
    if not may_manage(scope, user):
        raise PermissionDenied


def _must_not_be_self(scope: Scope, user: User) -> None:
    if scope.user_id == user.pk:
        raise PermissionDenied


def _keep_an_administrator(*, without: Membership) -> None:
    """ValidationError unless another active administrator over everything remains."""
    if without.role != Role.ADMINISTRATOR or without.connection_id is not None:
        return
    others = Membership.objects.select_for_update().filter(
        role=Role.ADMINISTRATOR, connection=None, user__is_active=True
    )
    if all(row.user_id == without.user_id for row in others):
        raise ValidationError(_("This is the last administrator. Make somebody else one first."))


def _place_of(membership: Membership) -> Place:
    return Place(membership.connection, membership.reseller)


def _home(user: User) -> Place:
    """The one place of a person, for the log; nothing narrower than everything for several."""
    rows = list(user.memberships.select_related("connection", "reseller"))
    return _place_of(rows[0]) if len(rows) == 1 else Place()


def note(kind: str, actor: Actor, user: User, place: Place, **parameters: str) -> None:
    """Enter an act about a person, as of the place."""
    record(
        kind,
        actor=actor,
        connection=place.connection,
        reseller_id=place.reseller_id,
        target=("user", user.pk, ""),
        parameters=parameters,
        about=Personal(subject_of(user.pk), {"email": user.email, "name": user.name}),
    )
