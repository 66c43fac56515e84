"""What the frame around every page asks of the rooms above it.

The interface stands below access, mirror and connections and may not import them; each of them
fills its slot here from AppConfig.ready. An empty slot means that the part is absent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest
from django.utils.functional import Promise

from portal.ui.keeping import Kept, Recall

Text = str | Promise


@dataclass(frozen=True)
class Mirror:
    """The health of the mirror in the top bar."""

    state: str
    label: Text
    at: datetime | None = None
    url: str = ""


@dataclass(frozen=True)
class Banner:
    """A line over the page: a sandbox environment, a read-only mode, an outage."""

    title: Text
    level: str = "is-info"
    text: Text = ""
    url: str = ""
    link: Text = ""
    icon: str = "info-circle"


@dataclass(frozen=True)
class Unread:
    """What the person has not read yet; ``url_name`` is the page that lists it."""

    number: int
    url_name: str


Guard = Callable[[HttpRequest, str], bool]
Reenter = Callable[[HttpRequest], None]
RoleOf = Callable[[HttpRequest], Text]
MirrorOf = Callable[[HttpRequest], Mirror | None]
UnreadOf = Callable[[HttpRequest], Unread | None]
BannersOf = Callable[[HttpRequest], Iterable[Banner]]


@dataclass
class _Slots:
    guard: Guard | None = None
    reenter: Reenter | None = None
    role: RoleOf | None = None
    mirror: MirrorOf | None = None
    banners: list[BannersOf] = field(default_factory=list)
    unread: UnreadOf | None = None
    recall: Recall | None = None


slots = _Slots()


def set_guard(guard: Guard) -> None:
    """Name the function that answers whether a request has a right."""
    slots.guard = guard


def set_reenter(reenter: Reenter) -> None:
    """Name the function that sets the database scope again in a later transaction."""
    slots.reenter = reenter


def set_role(role: RoleOf) -> None:
    """Name the function that words a person's role."""
    slots.role = role


def set_mirror(mirror: MirrorOf) -> None:
    """Name the function that tells the mirror's health; it should not query on each page."""
    slots.mirror = mirror


def add_banners(banners: BannersOf) -> None:
    """Add a source of banners; it should not query on each page."""
    if banners not in slots.banners:
        slots.banners.append(banners)


def set_recall(recall: Recall) -> None:
    """Name the function that tells the columns and views kept for a person."""
    slots.recall = recall


def set_unread(unread: UnreadOf) -> None:
    """Name the function that counts what a person has not read; it should not query on each page."""
    slots.unread = unread


def may(request: HttpRequest, right: str) -> bool:
    """Whether the person behind a request has a right; "" is everybody's."""
    if not right:
        return True
    return slots.guard is not None and slots.guard(request, right)


def reenter(request: HttpRequest) -> None:
    """Set the scope of a request in the running transaction; without access there is none."""
    if slots.reenter is not None:
        slots.reenter(request)


def role(request: HttpRequest) -> Text:
    """The role to show under the name."""
    return slots.role(request) if slots.role else ""


def mirror(request: HttpRequest) -> Mirror | None:
    """The mirror's health, if a mirror is there."""
    return slots.mirror(request) if slots.mirror else None


def unread(request: HttpRequest) -> Unread | None:
    """What the person has not read, if somebody tells them anything."""
    return slots.unread(request) if slots.unread else None


def banners(request: HttpRequest) -> list[Banner]:
    """All banners of a request, in order of registration."""
    return [banner for source in slots.banners for banner in source(request)]


def recall(request: HttpRequest, list_slug: str, view: str) -> Kept:
    """What is kept for a list and the person behind a request; ``view`` is the key of one to open."""
    return slots.recall(request, list_slug, view) if slots.recall else Kept()
