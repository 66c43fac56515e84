"""What a person of one language reads on the page: the catalogue's own wording."""

import re
from dataclasses import dataclass

from django.utils import translation


@dataclass(frozen=True)
class Words:
    """Translate as the portal does; ``plural`` fills in the number."""

    language: str

    def __call__(self, english: str) -> str:
        with translation.override(self.language):
            return translation.gettext(english)

    def plural(self, singular: str, plural: str, n: int) -> str:
        with translation.override(self.language):
            return translation.ngettext(singular, plural, n) % {"n": n}

    def exact(self, english: str) -> re.Pattern[str]:
        """For ``name=``: this text and nothing more."""
        return re.compile(rf"^\s*{re.escape(self(english))}\s*$")
