"""Consent: a person signs in at Microsoft once, and the portal may act in their name from then on.

``start`` sends the browser away with a state and a PKCE challenge; ``receive`` takes what it brings back,
in a web request and therefore without asking anybody; ``redeem`` exchanges the code in a worker. An
attempt belongs to one person, is used once and expires.
"""

import re
import secrets
import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from portal.connections.accounts import save_consent
from portal.connections.clients import authenticator, authorization_url
from portal.connections.models import AccessToken, Connection, ConsentAttempt, TokenKind
from portal.connections.tokens import Grant, store_grant, wording
from portal.partnercenter.auth import Token, new_verifier
from portal.partnercenter.errors import PartnerError
from portal.partnercenter.transport import utc_now

LIFETIME = timedelta(minutes=15)
KEPT = timedelta(days=30)

NO_REFRESH_TOKEN = "no_refresh_token"  # noqa: S105 - our own code of an error
WRONG_TENANT = "wrong_tenant"
CHANGED_MEANWHILE = "changed_meanwhile"

State = ConsentAttempt.State


class NotYours(Exception):  # noqa: N818 - what the page answers
    """What came back belongs to no waiting attempt of this person: unknown, used or expired."""


def start(
    connection: Connection, *, user_id: int, user_name: str, redirect_uri: str
) -> tuple[ConsentAttempt, str]:
    """Open an attempt; give it and the address at Microsoft that the browser goes to."""
    now = timezone.now()
    ConsentAttempt.objects.filter(connection=connection, created_at__lt=now - KEPT).delete()
    verifier = new_verifier()
    attempt = ConsentAttempt.objects.create(
        connection=connection,
        user_id=user_id,
        user_name=user_name,
        state_token=secrets.token_urlsafe(32),
        verifier=verifier,
        redirect_uri=redirect_uri,
        expires_at=now + LIFETIME,
    )
    url = authorization_url(
        connection, redirect_uri=redirect_uri, state=attempt.state_token, verifier=verifier
    )
    return attempt, url


def receive(user_id: int, answer: Mapping[str, str]) -> ConsentAttempt:
    """Take Microsoft's answer from the callback's query and keep it for ``redeem``.

    Returns the attempt, ``redeeming`` or already ``refused``. Raises NotYours, also for an answer
    with a NUL, which Microsoft never sends and Postgres never keeps.
    """
    if any("\x00" in value for value in answer.values()):
        raise NotYours
    attempt = ConsentAttempt.objects.filter(
        state_token=answer.get("state", ""), user_id=user_id, expires_at__gt=timezone.now()
    ).first()
    if attempt is None:
        raise NotYours
    code = answer.get("code", "")
    if code and "error" not in answer:
        attempt.code, attempt.state = code, State.REDEEMING
    else:
        _refuse(attempt, *_parsed(answer))
    # One conditional UPDATE decides: an answer that comes twice is used once.
    used = ConsentAttempt.objects.filter(pk=attempt.pk, state=State.STARTED).update(
        code=attempt.code,
        state=attempt.state,
        error_code=attempt.error_code,
        error_text=attempt.error_text,
        correlation_id=attempt.correlation_id,
        settled_at=attempt.settled_at,
    )
    if not used:
        raise NotYours
    return attempt


def redeem(attempt_id: int) -> ConsentAttempt | None:
    """Exchange the code for the connection's refresh token and settle the attempt.

    None if another worker has taken the code. Whatever Microsoft says ends up in the attempt.
    """
    claimed = _claim(attempt_id)
    if claimed is None:
        return None
    attempt, code = claimed
    connection = attempt.connection
    try:
        token = authenticator(connection).redeem(
            code, verifier=attempt.verifier.reveal(), redirect_uri=attempt.redirect_uri
        )
    except PartnerError as error:
        _refuse(attempt, error.code or "", wording(error), error.correlation_id or "")
    else:
        _keep(attempt, token)
    attempt.save(
        update_fields=["state", "error_code", "error_text", "correlation_id", "settled_at"]
    )
    return attempt


def _claim(attempt_id: int) -> tuple[ConsentAttempt, str] | None:
    """Take the code out of the attempt: it is good for one exchange only."""
    with transaction.atomic():
        attempt = (
            ConsentAttempt.objects.select_for_update(of=("self",))
            .select_related("connection")
            .filter(pk=attempt_id, state=State.REDEEMING)
            .first()
        )
        if attempt is None or not attempt.code:
            return None
        code: str = attempt.code.reveal()
        attempt.code = ""
        attempt.save(update_fields=["code"])
    return attempt, code


def _keep(attempt: ConsentAttempt, token: Token) -> None:
    """Save the consent, unless it is another tenant's or the connection changed meanwhile."""
    claims = token.claims
    if problem := _problem(attempt.connection, token):
        _refuse(attempt, problem, str(claims.get("tid", "")), "")
        return
    given_by = claims.get("preferred_username") or claims.get("upn") or claims.get("name")
    with transaction.atomic():
        current = Connection.objects.select_for_update().get(pk=attempt.connection_id)
        if current.credentials_version != attempt.connection.credentials_version:
            _refuse(attempt, CHANGED_MEANWHILE, "", "")
            return
        save_consent(current, token.refresh_token or "", str(given_by or attempt.user_name))
        AccessToken.objects.get_or_create(connection=current, kind=TokenKind.APP_USER)
        lifetime = (token.expires_at - utc_now()).total_seconds()
        store_grant(current, TokenKind.APP_USER, Grant(token.access_token, lifetime))
    attempt.connection = current
    attempt.state, attempt.settled_at = State.GIVEN, timezone.now()


def _problem(connection: Connection, token: Token) -> str:
    """Name what makes a token useless; a tenant written as a domain name cannot be compared."""
    if not token.refresh_token:
        return NO_REFRESH_TOKEN
    try:
        wanted = uuid.UUID(connection.tenant_id)
    except ValueError:
        return ""
    return "" if str(token.claims.get("tid", "")).lower() == str(wanted) else WRONG_TENANT


def _refuse(attempt: ConsentAttempt, code: str, text: str, correlation_id: str) -> None:
    attempt.state, attempt.settled_at = State.REFUSED, timezone.now()
    attempt.error_code = code[:60]
    attempt.error_text = text
    attempt.correlation_id = correlation_id[:60]


def _parsed(answer: Mapping[str, str]) -> tuple[str, str, str]:
    """Read code, sentence and correlation id out of Microsoft's refusal in the callback's query."""
    text = answer.get("error_description", "")[:2000]
    code = re.search(r"AADSTS\d+", text)
    correlation = re.search(r"Correlation ID:\s*([0-9A-Fa-f-]{36})", text)
    sentence = text.partition("Trace ID:")[0].strip()
    return (
        code.group(0) if code else answer.get("error", "no_answer"),
        sentence,
        correlation.group(1) if correlation else "",
    )
