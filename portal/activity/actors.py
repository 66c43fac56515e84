"""Who acts: a person in the browser or over the API, or the portal itself."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from portal.activity.models import Via


@dataclass(frozen=True)
class Actor:
    """The doer of an entry. ``email`` and ``address`` are personal and go to the side table only."""

    user_id: int | None
    email: str = ""
    address: str = ""
    via: str = Via.WEB

    @classmethod
    def from_request(cls, request: HttpRequest | Any) -> "Actor":
        """The person behind a page's or an API's request; nobody before the sign-in."""
        user: Any = request.user
        inner: HttpRequest = getattr(request, "_request", request)
        return cls(
            user_id=user.pk,
            email=getattr(user, "email", ""),
            address=inner.META.get("REMOTE_ADDR", ""),
            via=Via.WEB if inner is request else Via.API,
        )

    @classmethod
    def for_user(cls, user: Any, *, via: str = Via.WORKER) -> "Actor":
        """A person on whose behalf a worker goes on with what they asked for."""
        return cls(user_id=user.pk, email=user.email, via=via)

    @classmethod
    def system(cls) -> "Actor":
        """A worker acting on its own."""
        return cls(user_id=None, via=Via.WORKER)

    @classmethod
    def command(cls) -> "Actor":
        """Somebody at the shell of the machine."""
        return cls(user_id=None, via=Via.COMMAND)
