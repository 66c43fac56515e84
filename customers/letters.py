"""Mails that bring a customer a link, in the languages that customers speak.

The reader may speak a language that the portal itself does not; so each mail stands whole, beside what it is for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from portal.ui import formats


@dataclass(frozen=True)
class Letter:
    """Subject and paragraphs; what is not the same in every mail stands in braces."""

    subject: str
    paragraphs: tuple[str, ...]

    def written(self, **facts: str) -> tuple[str, str]:
        """Subject and text with the facts in their places."""
        return self.subject, "\n\n".join(one.format(**facts) for one in self.paragraphs)


Letters = Mapping[str, Letter]
"""The same mail by language."""


def spoken(letters: Letters, *wanted: str) -> str:
    """The first of these languages in which there is a mail, else English."""
    return next((one for tag in wanted if (one := tag[:2].lower()) in letters), "en")


def languages(letters: Letters) -> list[tuple[str, str]]:
    """Each language with its name, by name as the reader spells it."""
    named = ((code, formats.language(code)) for code in letters)
    return sorted(named, key=lambda pair: formats.alphabetical(pair[1]))


def mailto(subject: str, body: str, to: str = "") -> str:
    """The address that opens a mail program with it."""
    return f"mailto:{quote(to)}?subject={quote(subject)}&body={quote(body)}"
