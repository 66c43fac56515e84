"""Mails whose text staff may rewrite, for all connections or for one; each app enters its own.

A text is looked for in the recipient's language: the connection's own, then the one for all
connections, then the text that the portal ships. An app enters a letter from AppConfig.ready and
puts the shipped texts beside itself, one file for each language: ``<slug>.<language>.txt``, the
subject in the first line, an empty line, the body.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils import translation
from django.utils.functional import Promise

from portal.connections.models import Connection
from portal.notifications import placeholders
from portal.notifications.models import MailTemplate


@dataclass(frozen=True)
class Text:
    """A subject and a body, with places or filled in."""

    subject: str
    body: str

    def filled(self, values: Mapping[str, Any]) -> "Text":
        """The same with its places filled in; the subject is one line, whatever is put into it."""
        subject = " ".join(placeholders.fill(self.subject, values).split())
        return Text(subject, placeholders.fill(self.body, values))

    def as_dict(self) -> dict[str, str]:
        """For an entry's before and after."""
        return {"subject": self.subject, "body": self.body}


@dataclass(frozen=True, kw_only=True)
class Place:
    """A placeholder: what it stands for, and a sample for the preview.

    ``needed`` places must stand in the body. ``secret`` ones, such as a link that lets somebody in,
    may not stand in the subject: subjects are kept and listed.
    """

    name: str
    label: str | Promise
    sample: str | Promise
    needed: bool = False
    secret: bool = False


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail to customers or resellers. ``slug`` is the kind of the mails written from it."""

    slug: str
    label: str | Promise
    audience: str | Promise
    places: tuple[Place, ...]
    folder: Path

    def allowed(self, part: str) -> list[str]:
        """The names that may stand in the "subject" or the "body"."""
        return [place.name for place in self.places if part == "body" or not place.secret]

    def needed(self) -> list[str]:
        """The names without which the mail is of no use."""
        return [place.name for place in self.places if place.needed]

    def shipped(self, language: str) -> Text:
        """The portal's own text; English where a language has none."""
        found = _read(self.folder / f"{self.slug}.{language}.txt")
        return found or _read(self.folder / f"{self.slug}.en.txt") or Text("", "")

    def sample(self, language: str) -> dict[str, str]:
        """A record made up for the preview, in a language."""
        with translation.override(language):
            return {place.name: str(place.sample) for place in self.places}


@dataclass(frozen=True)
class Edition:
    """One text of a letter: its language, and the connection that it is for (None: all of them)."""

    letter: Letter
    language: str
    connection: Connection | None = None


_letters: dict[str, Letter] = {}


def register(letter: Letter) -> None:
    """Enter a letter; the same slug again replaces it."""
    _letters[letter.slug] = letter


def get(slug: str) -> Letter:
    """A letter; KeyError for one that no app has entered."""
    return _letters[slug]


def all_letters() -> list[Letter]:
    """Every letter, by slug."""
    return [_letters[slug] for slug in sorted(_letters)]


def labels() -> dict[str, str | Promise]:
    """The letters by name, for entries that keep the slug."""
    return {letter.slug: letter.label for letter in _letters.values()}


def text_of(letter: Letter, language: str, connection_id: int | None) -> Text:
    """The text that a mail is written from now."""
    rows = MailTemplate.objects.filter(kind=letter.slug, language=language)
    for_all = Q(connection=None)
    rows = rows.filter(for_all | Q(connection=connection_id) if connection_id else for_all)
    row = rows.order_by(F("connection").asc(nulls_last=True)).first()
    return Text(row.subject, row.body) if row else letter.shipped(language)


def inherited(edition: Edition) -> Text:
    """The text that holds where an edition has none of its own."""
    if edition.connection is None:
        return edition.letter.shipped(edition.language)
    return text_of(edition.letter, edition.language, None)


def language_of(language: str) -> str:
    """The language that somebody is written to in."""
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@cache
def _read(path: Path) -> Text | None:
    if not path.is_file():
        return None
    subject, _empty, body = path.read_text(encoding="utf-8").partition("\n\n")
    return Text(subject.strip(), body.strip() + "\n")
