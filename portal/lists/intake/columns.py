"""The columns that a table may have: label, what a cell must be, and the template to fill in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from portal.ui import exports, sentences

if TYPE_CHECKING:
    from django.utils.functional import Promise


def as_written(text: str) -> Any:
    """Any text."""
    return text


@dataclass(frozen=True)
class Column:
    """``clean`` turns a cell's text into a value, or raises ValueError with a sentence that says what to write.

    ``unique``: no two lines may have the same value.
    """

    key: str
    label: "str | Promise"
    clean: Callable[[str], Any] = as_written
    required: bool = True
    unique: bool = False

    def names(self) -> set[str]:
        """The heads under which the column is known: its label in each language, and its key."""
        found = {plain(self.key)}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                found.add(plain(str(self.label)))
        return found


def plain(name: str) -> str:
    """A head without regard to case, white space and underscores."""
    return " ".join(name.replace("_", " ").split()).casefold()


def enter(columns: Sequence[Column]) -> None:
    """Make the labels known for lines that are kept; called from AppConfig.ready."""
    sentences.register({f"column.{column.key}": column.label for column in columns})


def template(columns: Sequence[Column]) -> str:
    """An empty table to fill in: the heads in the reader's language."""
    return "\ufeff" + exports.line([str(column.label) for column in columns])
