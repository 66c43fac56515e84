"""What the templates of the mail texts get."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access.http import Request
from portal.access.scope import Scope
from portal.notifications import letters, queries
from portal.notifications.forms import TextForm
from portal.notifications.letters import Edition, Text
from portal.notifications.models import MailTemplate


@dataclass(frozen=True)
class Row:
    """One line of the list: a letter in a language for a place; ``own`` is what staff wrote, if they did."""

    edition: Edition
    own: MailTemplate | None
    url: str

    @property
    def language(self) -> str:
        """The language by its name, in the reader's language."""
        return language_name(self.edition.language)


def language_name(code: str) -> str:
    """A language of the portal in words."""
    return str(dict(settings.LANGUAGES)[code])


def url_of(edition: Edition, name: str = "mail_template") -> str:
    """The address of a text, or of something done to it."""
    address = reverse(name, args=[edition.letter.slug, edition.language])
    return f"{address}?connection={edition.connection.pk}" if edition.connection else address


def edition_of(request: Request, kind: str, language: str) -> Edition:
    """The text that an address names, or 404."""
    try:
        letter = letters.get(kind)
    except KeyError as error:
        raise Http404 from error
    if language not in dict(settings.LANGUAGES):
        raise Http404
    connection = queries.connection(request.scope, request.GET.get("connection", ""))
    return Edition(letter, language, connection)


def present(edition: Edition) -> dict[str, Any]:
    """The text that holds now, as a form's first values."""
    place = edition.connection.pk if edition.connection else None
    return letters.text_of(edition.letter, edition.language, place).as_dict()


def rows(scope: Scope) -> list[Row]:
    """Every text that holds for all, then those of single connections.

    Whoever rewrites for single connections only sees a line for each of theirs, and the text for all
    without a way to change it.
    """
    written = {(row.kind, row.language, row.connection_id): row for row in queries.templates(scope)}
    everywhere = scope.narrowed(queries.RIGHT).all_connections
    places = [None, *queries.connections(scope)]
    found = []
    for letter in letters.all_letters():
        for language in dict(settings.LANGUAGES):
            for place in places:
                edition = Edition(letter, language, place)
                own = written.get((letter.slug, language, place.pk if place else None))
                if own or place is None or not everywhere:
                    may_edit = everywhere or place is not None
                    found.append(Row(edition, own, url_of(edition) if may_edit else ""))
    return found


def edit_context(scope: Scope, edition: Edition, form: TextForm) -> dict[str, Any]:
    """Give the page of one text its form, its places, the preview and the ways to its neighbours."""
    return {
        "edition": edition,
        "language": language_name(edition.language),
        "form": form,
        "own": queries.templates(scope)
        .filter(kind=edition.letter.slug, language=edition.language, connection=edition.connection)
        .first(),
        "others": _others(scope, edition),
        "default_url": url_of(edition, "mail_template_default"),
        "preview_url": url_of(edition, "mail_template_preview"),
        **preview_context(edition, form),
    }


def preview_context(edition: Edition, form: TextForm) -> dict[str, Any]:
    """Give the preview its mail, made of the sample; what is wrong with the text instead of it."""
    sample = edition.letter.sample(edition.language)
    if not form.is_bound:
        text: Text | None = Text(form.initial["subject"], form.initial["body"])
    else:
        text = form.text if form.is_valid() else None
    problems = [error for errors in form.errors.values() for error in errors]
    return {"preview": text.filled(sample) if text else None, "problems": problems}


def _others(scope: Scope, edition: Edition) -> list[tuple[str, str, bool]]:
    """(name, address, whether it is this one) of the same letter's texts for other connections."""
    same = (edition.letter, edition.language)
    kept_up = queries.connections(scope).filter(retired_at=None)
    found = [Edition(*same, place) for place in kept_up]
    if scope.narrowed(queries.RIGHT).all_connections:
        found.insert(0, Edition(*same))
    return [
        (
            other.connection.name if other.connection else _("All connections"),
            url_of(other),
            other == edition,
        )
        for other in found
    ]
