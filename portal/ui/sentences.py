"""Sentences that are kept: rows hold a name and facts, each reader gets the words in their language.

Facts are what JSON can hold. The app that says a sentence enters its words under the name.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from django.utils.functional import Promise

Facts = Mapping[str, Any]

_words: dict[str, Any] = {}


def register(words: Mapping[str, "str | Promise | Callable[[Facts], str]"]) -> None:
    """Enter sentences by name: a text with the facts as %(name)s, or a function of the facts."""
    _words.update(words)


class Sentence(str):
    """A sentence in the language of now, that can be kept for any other."""

    __slots__ = ("facts", "name")

    name: str
    facts: Facts

    def __new__(cls, name: str, /, **facts: Any) -> Self:
        """Word it. Raises LookupError for a name that no app has entered."""
        made = super().__new__(cls, _worded(name, facts))
        made.name, made.facts = name, facts
        return made


def kept(text: str) -> dict[str, Any]:
    """What is stored of a sentence; a text that is none is stored as it is."""
    if isinstance(text, Sentence):
        return {"says": text.name, "facts": dict(text.facts)}
    return {"message": text}


def shown(stored: Facts) -> str:
    """What was kept, in words; a text stored as it was is shown as it is."""
    name = stored.get("says", "")
    if name not in _words:  # nothing to say, an old text, or a name that this release has lost
        return str(stored.get("message", name))
    return _worded(name, stored.get("facts", {}))


def of(error: Exception) -> str:
    """The sentence that an error was raised with."""
    told = error.args[0] if error.args else ""
    return told if isinstance(told, Sentence) else str(error)


def _worded(name: str, facts: Facts) -> str:
    words = _words[name]
    if callable(words):
        return str(words(facts))
    text = str(words)
    return text % facts if facts else text
