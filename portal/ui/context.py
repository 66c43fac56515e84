"""The context every page has: the frame around it, worked out only where a template asks."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from portal.ui import menu, shell

THEMES = ("system", "light", "dark")


def url_or_blank(name: str) -> str:
    """The address of a room, "" while that room is not built."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class Frame:
    """Menu, top bar and banners of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def person(self) -> Any:
        """The person signed in, or None."""
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def name(self) -> str:
        """Their name, or the part of the address before the at sign."""
        full = self.person.get_full_name() if hasattr(self.person, "get_full_name") else ""
        return full or str(getattr(self.person, "email", "")).partition("@")[0]

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = self.name.replace(".", " ").replace("-", " ").split()
        return "".join(word[0] for word in words[:2]).upper()

    @property
    def theme(self) -> str:
        """light, dark, or system."""
        theme = getattr(self.person, "theme", "system")
        return theme if theme in THEMES else "system"

    @cached_property
    def sections(self) -> list[menu.Section]:
        """The side menu."""
        return menu.sections(self._request) if self.person else []

    @cached_property
    def mirror(self) -> shell.Mirror | None:
        """Age and health of the mirror."""
        return shell.mirror(self._request) if self.person else None

    @cached_property
    def unread(self) -> shell.Unread | None:
        """The number beside the bell."""
        return shell.unread(self._request) if self.person else None

    @cached_property
    def banners(self) -> list[shell.Banner]:
        """Environment, mode, outages."""
        return shell.banners(self._request) if self.person else []

    @cached_property
    def role(self) -> shell.Text:
        """The role under the name."""
        return shell.role(self._request) if self.person else ""

    @cached_property
    def languages(self) -> list[tuple[str, str, bool]]:
        """Code, name in its own language, whether it is the current one."""
        own = {"en": "English", "fr": "Français"}
        return [
            (code, own.get(code, str(name)), code == get_language())
            for code, name in settings.LANGUAGES
        ]

    @cached_property
    def home_url(self) -> str:
        """The staff home."""
        return url_or_blank("home")

    @cached_property
    def search_url(self) -> str:
        """Global search."""
        return url_or_blank("search")

    @cached_property
    def palette_url(self) -> str:
        """The palette's options."""
        return url_or_blank("palette")

    @cached_property
    def preferences_url(self) -> str:
        """Where theme and language are posted by a person signed in."""
        return url_or_blank("preferences")

    @cached_property
    def language_url(self) -> str:
        """Where anybody posts a language."""
        return url_or_blank("set_language")

    @cached_property
    def account_url(self) -> str:
        """Where a person keeps name, password and API tokens."""
        return url_or_blank("profile")

    @cached_property
    def sign_out_url(self) -> str:
        """Where signing out is posted."""
        return url_or_blank("account_logout")


def page(request: HttpRequest) -> dict[str, object]:
    """The template context processor: ``frame``."""
    return {"frame": Frame(request)}
