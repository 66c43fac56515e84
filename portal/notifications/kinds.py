"""What people can be told: each kind with its words, entered by the apps from AppConfig.ready.

Words are lazy and filled in when they are read, so that a mail speaks its recipient's language and the
inbox its reader's.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

_PLACE = re.compile(r"\{(\w+)\}")
Words = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def _as_they_are(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    return parameters


@dataclass(frozen=True, kw_only=True)
class Kind:
    """``label`` names the kind where people choose, ``subject`` and ``text`` have {parameters}.

    ``words`` turns stored parameters into what is shown, in the language then active. ``default`` is
    a channel's value. A kind without ``choosable`` always goes out: the person asked for it.
    """

    slug: str
    label: str | Promise
    subject: str | Promise
    text: str | Promise
    default: str = "mail"
    choosable: bool = True
    words: Words = _as_they_are

    def title(self, parameters: Mapping[str, Any]) -> str:
        """The subject of a mail and the line of the inbox: one line, whatever is filled in."""
        return " ".join(self._fill(self.subject, parameters).split())

    def body(self, parameters: Mapping[str, Any]) -> str:
        """The rest."""
        return self._fill(self.text, parameters)

    def _fill(self, text: str | Promise, parameters: Mapping[str, Any]) -> str:
        values = self.words(parameters)
        return _PLACE.sub(lambda place: _shown(values.get(place[1])), str(text))


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Enter a kind; the same slug again replaces it."""
    _kinds[kind.slug] = kind


def get(slug: str) -> Kind:
    """A kind; one that no app knows any more is shown by its slug."""
    return _kinds.get(slug) or Kind(slug=slug, label=slug, subject=slug, text="")


def known(slug: str) -> bool:
    """Whether an app has entered the kind."""
    return slug in _kinds


def choosable() -> list[Kind]:
    """The kinds that a person chooses a channel for, by slug."""
    return [_kinds[slug] for slug in sorted(_kinds) if _kinds[slug].choosable]


def _shown(value: Any) -> str:
    return "–" if value is None or value == "" else str(value)
