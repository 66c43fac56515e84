"""What a rule forbids. One error for whatever cannot be asked: pages show it in their form, the API answers 409."""

from typing import Any

from portal.ui import sentences


class RefusedError(Exception):
    """It cannot be asked. ``code`` is for machines, ``str`` for people, ``field`` where it belongs.

    A message that is a ``Sentence`` is kept for readers of any language.
    """

    def __init__(self, code: str, message: str, field: str = "") -> None:
        """Keep code, message and the form field concerned."""
        super().__init__(message)
        self.code = code
        self.field = field

    def as_json(self) -> dict[str, Any]:
        """The form in which the row of a batch keeps it."""
        return {"code": self.code, **sentences.kept(sentences.of(self))}
