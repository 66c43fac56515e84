"""``manage.py connect``: creates or updates a connection to a Partner Center account."""

import os
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.activity import log
from portal.activity.actors import Actor
from portal.administration.actions import connections as actions
from portal.connections.accounts import fill_addresses, save_consent
from portal.connections.models import CloudName, Connection, Environment, Mode
from portal.connections.secrets import Secret, WrongKey
from portal.partnercenter.clouds import CLOUDS
from portal.partnercenter.spec import Cloud, Throttle

SECRET_VARIABLE = "CLIENT_SECRET"  # noqa: S105 - the name of a variable
MODES = {mode.value.replace("_", "-"): mode for mode in Mode}
OPTIONS = {
    "cloud": "--cloud",
    "api_url": "--api-url",
    "login_url": "--login-url",
    "graph_url": "--graph-url",
    "tenant_id": "--tenant",
    "client_id": "--client-id",
    "client_secret": "--client-secret",
    "environment": "--environment",
    "mode": "--mode",
    "limits": "--limit",
}


class Command(BaseCommand):
    help = (
        "Creates or updates a connection. What is not given stays as it is; a new connection is "
        "production and read-only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="short name, for example contoso")
        parser.add_argument("--cloud", choices=CloudName.values, help="default: public")
        parser.add_argument("--api-url", help="default: the cloud's")
        parser.add_argument("--login-url", help="default: the cloud's")
        parser.add_argument("--graph-url", help="default: the cloud's")
        parser.add_argument(
            "--tenant", dest="tenant_id", help="GUID or domain name of the partner tenant"
        )
        parser.add_argument("--client-id", help="application (client) ID")
        secret = parser.add_mutually_exclusive_group()
        secret.add_argument("--client-secret", help=f"or set {SECRET_VARIABLE}")
        secret.add_argument("--client-secret-file", type=Path, metavar="F")
        parser.add_argument("--environment", choices=Environment.values)
        parser.add_argument("--mode", choices=[*MODES])
        parser.add_argument(
            "--refresh-token-file",
            type=Path,
            metavar="F",
            help="consent given elsewhere; from then on the portal rotates it in its database",
        )
        parser.add_argument(
            "--limit",
            action="append",
            type=_limit,
            dest="limits",
            metavar="CLASS=N",
            help=f"requests a minute for one of {', '.join(Throttle)} (may be repeated)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        values = _values(options)
        refresh_token = _read(options["refresh_token_file"])
        with transaction.atomic():
            connection = Connection.objects.select_for_update().filter(name=options["name"]).first()
            created = connection is None
            if connection is not None and connection.is_retired:
                raise CommandError(f"{connection} is retired for good. Choose another name.")
            connection = connection or Connection(name=options["name"])
            _save(connection, values, created=created)
            if refresh_token and not _is(connection.refresh_token, refresh_token):
                _consent(connection, refresh_token)
        self._report(connection, created=created)

    def _report(self, connection: Connection, *, created: bool) -> None:
        verb = "created" if created else "updated"
        mode = connection.mode.replace("_", "-")
        self.stdout.write(
            f"Connection {connection.name} {verb}: {connection.environment}, mode {mode}."
        )
        if not connection.has_consent:
            self.stdout.write(
                "No consent yet: give it under Settings, Connections, or with --refresh-token-file."
            )
        if closed := CLOUDS[Cloud(connection.cloud)].closed:
            self.stderr.write(f"The {connection.cloud} cloud was closed in {closed}.")


def _values(options: dict[str, Any]) -> dict[str, Any]:
    """Give the fields that the command line sets."""
    values = {name: options[name] for name in OPTIONS if options.get(name) is not None}
    secret = _read(options["client_secret_file"]) or os.environ.get(SECRET_VARIABLE)
    if secret and "client_secret" not in values:
        values["client_secret"] = secret
    if "mode" in values:
        values["mode"] = MODES[values["mode"]]
    if "limits" in values:
        values["limits"] = dict(values["limits"])
    return values


def _read(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    if not text:
        raise CommandError(f"{path} is empty.")
    return text


def _limit(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if name not in list(Throttle) or not number.isdecimal() or int(number) < 1:
        raise ArgumentTypeError(f"takes CLASS=N, for example customers=500, not {text!r}")
    return name, int(number)


def _save(connection: Connection, values: dict[str, Any], *, created: bool) -> None:
    before, secret = actions.snapshot(connection), connection.client_secret
    for name, value in values.items():
        setattr(connection, name, value)
    fill_addresses(connection)
    _validate(connection)
    if created:
        actions.create(Actor.command(), connection)
        return
    after = actions.snapshot(connection)
    changed = [name for name in before if before[name] != after[name]]
    if "client_secret" in values and not _is(secret, values["client_secret"]):
        changed.append("client_secret")
    actions.change(Actor.command(), connection, before, changed)


def _is(kept: Secret | None, given: str) -> bool:
    """Whether a stored secret is the one given; one that no key opens any more is another."""
    try:
        return kept is not None and kept.reveal() == given
    except WrongKey:
        return False


def _validate(connection: Connection) -> None:
    """Say every mistake at once, by the name of its option."""
    try:
        connection.full_clean()
    except ValidationError as error:
        lines = [
            f"{OPTIONS.get(field, field)}: {text}"
            for field, texts in error.message_dict.items()
            for text in texts
        ]
        raise CommandError("\n".join(["Nothing was saved.", *lines])) from None
    if not connection.client_secret:
        raise CommandError("Nothing was saved.\n--client-secret: This field is required.")


def _consent(connection: Connection, refresh_token: str) -> None:
    save_consent(connection, refresh_token, "manage.py connect")
    log.record(
        "connection.consent_given",
        actor=Actor.command(),
        connection=connection,
        target=connection,
    )
