"""Changing a connection: what a person configured is saved so that stale tokens die with it.

A worker may rotate the refresh token while a form is open, so a save names its columns.
"""

from collections.abc import Iterable

from django.db.models import F
from django.utils import timezone

from portal.connections.models import RETIRED, Connection, ConsentAttempt, Mode
from portal.partnercenter.clouds import CLOUDS
from portal.partnercenter.spec import Cloud

CONFIGURED = (
    "cloud",
    "environment",
    "mode",
    "tenant_id",
    "client_id",
    "client_secret",
    "api_url",
    "login_url",
    "graph_url",
    "limits",
)
"""What a person sets; everything else the portal learns."""

# A change of these makes every token and every refusal a matter of the past.
_CREDENTIALS = frozenset(
    {"cloud", "tenant_id", "client_id", "client_secret", "api_url", "login_url"}
)
# A refresh token belongs to one application in one directory of one cloud.
_CONSENT = frozenset({"cloud", "tenant_id", "client_id", "login_url"})


def save_configuration(connection: Connection, changed: Iterable[str]) -> None:
    """Save what a person changed. New credentials end a pause; a new application ends the consent.

    ``changed`` names fields of CONFIGURED. A connection without a primary key is created.
    """
    names = set(changed)
    if not connection.pk:
        connection.save()
        return
    columns = names & set(CONFIGURED)
    if names & _CREDENTIALS:
        columns |= _forget_problem(connection)
    if names & _CONSENT:
        columns |= _forget_consent(connection)
    if columns:
        connection.save(update_fields=columns)
        connection.refresh_from_db(fields=["credentials_version"])


def save_consent(connection: Connection, refresh_token: str, given_by: str) -> None:
    """Keep a person's consent. It ends a pause and replaces every earlier token."""
    connection.refresh_token = refresh_token
    connection.consented_at = timezone.now()
    connection.consented_by = given_by
    columns = {"refresh_token", "consented_at", "consented_by"} | _forget_problem(connection)
    connection.save(update_fields=columns)
    connection.refresh_from_db(fields=["credentials_version"])


def retire(connection: Connection, by: str) -> None:
    """End a connection for good: secret, consent and tokens are erased, no call is made any more.

    The access tokens fall by a trigger, because the web role may not touch them. An open consent ends.
    """
    connection.retired_at = timezone.now()
    connection.retired_by = by
    connection.mode = Mode.READ_ONLY
    connection.client_secret = ""
    columns = {"retired_at", "retired_by", "mode", "client_secret"}
    columns |= _forget_problem(connection) | _forget_consent(connection)
    connection.save(update_fields=columns)
    connection.refresh_from_db(fields=["credentials_version"])
    attempts = connection.consent_attempts.exclude(verifier="", code="")
    attempts.update(verifier="", code="")
    going_on = {ConsentAttempt.State.STARTED, ConsentAttempt.State.REDEEMING}
    connection.consent_attempts.filter(state__in=going_on).update(
        state=ConsentAttempt.State.REFUSED, error_code=RETIRED, settled_at=connection.retired_at
    )


def _forget_problem(connection: Connection) -> set[str]:
    connection.credentials_version = F("credentials_version") + 1
    connection.problem_kind = ""
    connection.problem_code = ""
    connection.problem_text = ""
    connection.problem_correlation_id = ""
    connection.problem_at = None
    return {
        "credentials_version",
        "problem_kind",
        "problem_code",
        "problem_text",
        "problem_correlation_id",
        "problem_at",
    }


def _forget_consent(connection: Connection) -> set[str]:
    connection.refresh_token = None
    connection.consented_at = None
    connection.consented_by = ""
    return {"refresh_token", "consented_at", "consented_by"}


def fill_addresses(connection: Connection) -> None:
    """Give empty addresses their default: the cloud's own, but Graph beside a foreign API.

    With an API that is not Microsoft's (a test bed, a proxy) no token may leave for Microsoft's Graph.
    """
    facts = CLOUDS[Cloud(connection.cloud)]
    connection.api_url = (connection.api_url or facts.api).rstrip("/")
    connection.login_url = (connection.login_url or facts.login).rstrip("/")
    graph = facts.graph if connection.api_url == facts.api else connection.api_url
    connection.graph_url = (connection.graph_url or graph).rstrip("/")
