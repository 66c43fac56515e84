#!/usr/bin/env python3
"""``make messages``: collect new wording into the catalogues and compile them. Needs no gettext.

A catalogue holds the wording of the sources and nothing else, in the order of the alphabet and without
dates or line numbers, so that its history shows only what was said anew.
"""

# ruff: noqa: T201 - a script of its own, which talks

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings

if __name__ == "__main__":  # run by its path: the other tools are beside it, not on the path
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.translations import PROJECT, Key, Wording, forms, in_sources, key_of

LOCALE = PROJECT / "portal" / "locale"


class Catalogue(Catalog):
    """A catalogue whose head says only what a reader of it needs."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The head: no dates, no names."""
        return [
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def collected(language: str, said: dict[Key, Message], sources: dict[Wording, Path]) -> Catalogue:
    """Return the catalogue of these sources, with what was ``said`` before."""
    fresh = Catalogue(locale=language, header_comment="", fuzzy=False)
    plurals = {wording.key: wording.plural for wording in sources if wording.plural}
    for key in sorted({wording.key for wording in sources}, key=lambda key: (key[1], key[0] or "")):
        context, text = key
        plural = plurals.get(key)
        before = said.get(key)
        strings = forms(before) if before else [""]
        if plural and len(strings) == fresh.num_plurals:
            fresh.add((text, plural), tuple(strings), context=context)
        elif plural:
            fresh.add((text, plural), ("",) * fresh.num_plurals, context=context)
        else:
            fresh.add(text, strings[0], context=context)
    return fresh


def read(path: Path) -> dict[Key, Message]:
    """Return what a catalogue says; nothing if there is none yet. A fuzzy entry counts as not said."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {key_of(m): m for m in read_po(file) if m.id and not m.fuzzy}


def written(catalogue: Catalogue) -> bytes:
    """Return the text of a catalogue."""
    file = io.BytesIO()
    write_po(file, catalogue, width=0, no_location=True)
    return file.getvalue().lstrip(b"#\n")


def compiled(catalogue: Catalogue) -> bytes:
    """Return the ``.mo`` of a catalogue."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def main() -> None:
    """Bring every catalogue that exists up to date; a new language begins with its empty folder."""
    settings.configure()
    sources = in_sources(PROJECT)
    for folder in sorted(LOCALE.glob("*/LC_MESSAGES")):
        path = folder / "django.po"
        catalogue = collected(folder.parent.name, read(path), sources)
        path.write_bytes(written(catalogue))
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        left = sum(not all(forms(message)) for message in catalogue if message.id)
        print(f"{path.relative_to(PROJECT)}: {len(catalogue)} messages, {left} not translated")


if __name__ == "__main__":
    main()
