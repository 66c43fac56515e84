"""A person's open sessions: where they are signed in, and ending all but the one they sit in."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from portal.access.models import User
from portal.access.standing import home_reseller
from portal.activity.actors import Actor
from portal.activity.log import record

STARTED, AGENT = "portal_started", "portal_agent"
# The first that is found names it: each of them also claims to be those behind it.
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, kw_only=True)
class Open:
    """One session. ``agent`` is the browser and system in two words, "" if they are not known."""

    key: str
    agent: str
    started_at: dt.datetime | None
    ends_at: dt.datetime
    is_current: bool


def note(request: HttpRequest) -> None:
    """Keep in a session that begins when it began and in which browser."""
    request.session[STARTED] = timezone.now().isoformat()
    request.session[AGENT] = named(request.META.get("HTTP_USER_AGENT", ""))


def of(user: User, current: str | None) -> list[Open]:
    """The sessions of a person that still work, the present one first, then by their end.

    A session says whose it is only inside, so that every unexpired one is looked into: a few
    milliseconds for the hundreds that a portal has.
    """
    found = [_opened(row, current) for row in _rows(user)]
    return sorted(found, key=lambda one: (not one.is_current, -one.ends_at.timestamp()))


def end_others(actor: Actor, user: User, current: str | None) -> int:
    """End every session but the present one; how many ended."""
    keys = [row.session_key for row in _rows(user) if row.session_key != current]
    Session.objects.filter(session_key__in=keys).delete()
    if keys:
        record(
            "session.others_ended",
            actor=actor,
            reseller_id=home_reseller(user),
            target=("user", user.pk, ""),
            parameters={"count": len(keys)},
        )
    return len(keys)


def named(agent: str) -> str:
    """A browser's own name for itself, made short: "Firefox, Linux"."""
    words = [
        next((word for sign, word in names if sign in agent), "") for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(word for word in words if word)


def _rows(user: User) -> list[Session]:
    alive = Session.objects.filter(expire_date__gt=timezone.now())
    return [row for row in alive.iterator() if _belongs(row, user)]


def _belongs(row: Session, user: User) -> bool:
    told = row.get_decoded()
    if told.get(SESSION_KEY) != str(user.pk):
        return False
    # One that began before the password was changed works no longer.
    return constant_time_compare(told.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def _opened(row: Session, current: str | None) -> Open:
    told = row.get_decoded()
    started = told.get(STARTED)
    return Open(
        key=row.session_key,
        agent=told.get(AGENT, ""),
        started_at=dt.datetime.fromisoformat(started) if started else None,
        ends_at=min(row.expire_date, timezone.now() + dt.timedelta(0, settings.SESSION_COOKIE_AGE)),
        is_current=row.session_key == current,
    )
