"""What the templates of the Settings pages get."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.access.http import Request
from portal.access.scope import Scope
from portal.administration import queries, syncing, verdicts
from portal.administration.forms.connections import needs_name
from portal.administration.probes import Text, step_for
from portal.connections import clients, consent
from portal.connections.governor import FREE, Budget
from portal.connections.models import RETIRED, Connection, ConsentAttempt, Mode
from portal.mirror.models import Freshness
from portal.partnercenter.clouds import CLOUDS
from portal.partnercenter.spec import Cloud, Throttle
from portal.ui import causes, panels

CONSEQUENCES: dict[str, Text] = {
    Mode.READ_ONLY: _(
        "Nothing is sent to Partner Center any more. Changes that staff ask for are kept as withheld, "
        "with what would have been sent."
    ),
    Mode.ASK: _("Each change waits until a second person has approved it, then it is sent."),
    Mode.LIVE: _("Changes are sent to Partner Center as soon as staff ask for them."),
}
QUESTIONS: dict[str, Text] = {
    Mode.READ_ONLY: _("Set %(name)s to read only?"),
    Mode.ASK: _("Have each change of %(name)s approved by a second person?"),
    Mode.LIVE: _("Send changes of %(name)s at once?"),
}
VERBS: dict[str, Text] = {
    Mode.READ_ONLY: _("Set to read only"),
    Mode.ASK: _("Ask a second person"),
    Mode.LIVE: _("Send changes at once"),
}
CLASSES: dict[Throttle, Text] = {
    Throttle.CUSTOMERS: _("Customers"),
    Throttle.ORDERS: _("Orders"),
    Throttle.SUBSCRIPTIONS: _("Subscriptions"),
    Throttle.OTHER: _("Everything else"),
}
OURS: dict[str, Text] = {
    consent.WRONG_TENANT: _(
        "The person belongs to another tenant than this connection. Sign in with an account of "
        "the partner tenant."
    ),
    consent.NO_REFRESH_TOKEN: _(
        "Microsoft gave no lasting consent (offline_access is missing). Add that permission to "
        "the application."
    ),
    consent.CHANGED_MEANWHILE: _("The connection was changed while you were at Microsoft."),
    RETIRED: _("The connection was retired while you were at Microsoft."),
    "AADSTS65004": _("Consent was declined at Microsoft."),
    "access_denied": _("Consent was declined at Microsoft."),
}


@dataclass(frozen=True, kw_only=True)
class ConnectionRow:
    """One line of the list."""

    connection: Connection
    cloud: str
    customers_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ModeChoice:
    """A mode that the connection is not in, with what follows from choosing it."""

    value: str
    verb: Text
    question: str
    consequence: Text
    needs_name: bool


@dataclass(frozen=True, kw_only=True)
class BudgetRow:
    """One throttle class; ``limit`` is None on a test bed, which has none."""

    title: Text
    limit: int | None
    last_minute: int
    this_minute: int
    blocked_for: float


def settings_context(request: Request) -> dict[str, Any]:
    """Give the tabs that all rooms of the Settings share."""
    return {"tabs": panels.tabs(request, "settings", None)}


def connection_rows(scope: Scope) -> list[ConnectionRow]:
    """Read the list of connections with the age of their customers."""
    rows = list(queries.connections(scope))
    ages = Freshness.objects.filter(connection__in=rows, family="customers", parent="")
    found = {age.connection_id: age.current_at for age in ages}
    return [
        ConnectionRow(
            connection=row, cloud=str(row.get_cloud_display()), customers_at=found.get(row.pk)
        )
        for row in rows
    ]


def connection_context(request: Request, row: Connection) -> dict[str, Any]:
    """Give everything on one connection's page."""
    found = verdicts.latest(row)
    return {
        "connection": row,
        "facts": CLOUDS[Cloud(row.cloud)],
        "problem_step": step_for(_problem(row)) if row.problem_at else "",
        "modes": [
            ModeChoice(
                value=mode.value,
                verb=VERBS[mode],
                question=str(QUESTIONS[mode]) % {"name": row.name},
                consequence=CONSEQUENCES[mode],
                needs_name=needs_name(row, mode),
            )
            for mode in Mode
            if mode != row.mode
        ],
        "budgets": [_budget(budget) for budget in clients.governor(row).budgets()],
        "verdicts": found,
        "waiting": any(verdict.waiting for verdict in found),
        "may_manage": not row.is_retired and request.scope.can("connections.manage", row),
    }


def _budget(budget: Budget) -> BudgetRow:
    return BudgetRow(
        title=CLASSES[budget.throttle],
        limit=None if budget.limit >= FREE else budget.limit,
        last_minute=budget.last_minute,
        this_minute=budget.this_minute,
        blocked_for=budget.blocked_for,
    )


def _problem(row: Connection) -> dict[str, Any]:
    return {"code": row.problem_code, "kind": "TokenRefused"}


def consent_context(attempt: ConsentAttempt) -> dict[str, Any]:
    """Give the consent page its attempt, and our words for what went wrong."""
    error = {"code": attempt.error_code, "kind": "TokenRefused"}
    ours = OURS.get(attempt.error_code)
    return {
        "attempt": attempt,
        "connection": attempt.connection,
        "waiting": attempt.state == ConsentAttempt.State.REDEEMING and not attempt.is_over,
        "words": ours or causes.worded(attempt.error_text),
        "step": "" if ours else step_for(error),
    }


def sync_context(scope: Scope) -> dict[str, Any]:
    """Give the sync page how each mirror stands, and how often to look again."""
    found = syncing.standings(list(queries.working(scope)))
    return {
        "standings": found,
        "running": any(standing.running for standing in found),
        "may_run": scope.can("sync.run"),
    }


def allow_form_to(response: HttpResponse, row: Connection) -> HttpResponse:
    """Let this page's consent button lead to the sign-in host: form-action covers redirects too."""
    parts = urlsplit(clients.endpoints_of(row).login)
    response._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]  # noqa: SLF001 - django-csp's own door
    return response
