"""``manage.py create_user EMAIL --role R [--connection NAME --reseller PC_ID] [--password P]``."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from portal.access.models import Membership, Reseller, User
from portal.access.people import Place, new_password
from portal.access.roles import Role
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.activity.personal import Personal, subject_of
from portal.connections.models import Connection


class Command(BaseCommand):
    help = (
        "Add a portal user with a role; with --add-role, give an existing one a further role. "
        "Without --connection the role holds everywhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--connection", metavar="NAME")
        parser.add_argument("--reseller", metavar="PC_ID", help="Partner Center id of the reseller")
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--add-role",
            action="store_true",
            help="the user exists already: add the role to theirs",
        )
        parser.add_argument("--password", help="made and printed if it is not given")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        """Create the person if needed, set the password if one is given or needed, grant the role."""
        email = options["email"].strip().lower()
        place = _place(options["connection"], options["reseller"])
        user = User.objects.filter(email__iexact=email).first()
        generated = ""
        if user is not None and not (options["add_role"] or _has(user, options["role"], place)):
            raise CommandError(_exists(user))
        if user is None:
            _check_email(email)
            generated = "" if options["password"] else new_password()
            user = User.objects.create_user(email, name=options["name"])
            _note("user.created", user, place)
        password = options["password"] or generated
        if password:
            _set_password(user, password)
        _grant(user, options["role"], place)
        self.stdout.write(f"{email}: {options['role']} {_words(place)}")
        if generated:
            self.stdout.write(f"password: {generated}")


def _place(connection: str | None, reseller: str | None) -> Place:
    if reseller and not connection:
        raise CommandError("--reseller needs --connection.")
    if not connection:
        return Place()
    row = Connection.objects.filter(name=connection).first()
    if row is None:
        raise CommandError(f"There is no connection {connection!r}.")
    if not reseller:
        return Place(row)
    found = Reseller.objects.filter(connection=row, pc_id=reseller).first()
    if found is None:
        raise CommandError(f"{connection!r} has no reseller {reseller!r}; run a sync first.")
    return Place(row, found)


def _has(user: User, role: str, place: Place) -> bool:
    held = user.memberships.filter(role=role, connection=place.connection, reseller=place.reseller)
    return held.exists()


def _exists(user: User) -> str:
    """Say who is there already: a typing mistake must not hand somebody else's role to them."""
    held = ", ".join(
        f"{row.role} {_words(Place(row.connection, row.reseller))}"
        for row in user.memberships.select_related("connection", "reseller").order_by("pk")
    )
    return (
        f"{user.email} exists already (roles: {held or 'none'}). "
        "Nothing was changed; --add-role adds this role to theirs."
    )


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"{email!r} is not an e-mail address.") from error


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    user.set_password(password)
    user.save(update_fields=["password"])


def _grant(user: User, role: str, place: Place) -> None:
    try:
        with transaction.atomic():
            _held, created = Membership.objects.get_or_create(
                user=user, role=role, connection=place.connection, reseller=place.reseller
            )
    except IntegrityError as error:
        where = "without" if place.reseller else "with"
        raise CommandError(f"The role {role} is held {where} a reseller.") from error
    if created:
        _note("membership.granted", user, place, role=role)


def _words(place: Place) -> str:
    if place.reseller:
        return f"at {place.reseller} ({place.connection})"
    return f"in {place.connection}" if place.connection else "everywhere"


def _note(kind: str, user: User, place: Place, **parameters: str) -> None:
    record(
        kind,
        actor=Actor.command(),
        connection=place.connection,
        reseller_id=place.reseller_id,
        target=("user", user.pk, ""),
        parameters=parameters,
        about=Personal(subject_of(user.pk), {"email": user.email}),
    )
