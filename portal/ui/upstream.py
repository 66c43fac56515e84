"""What Partner Center said when it was asked and told nothing: our words first; its code, id and own words beside.

Errors are kept as ``portal.mirror`` describes them: code, kind, status, message, correlation id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.ui import causes


@dataclass(frozen=True)
class Refused:
    """``text`` is ours, ``said`` Partner Center's own wording or the cause; ``code`` is Partner Center's."""

    text: str
    code: str
    correlation_id: str
    said: str


def refused(error: Mapping[str, Any]) -> Refused:
    """An error in the reader's language."""
    code = str(error.get("code") or "")
    return Refused(
        text=causes.explained(error),
        code=code if code[-1:].isdigit() else "",
        correlation_id=str(error.get("correlation_id") or ""),
        said=causes.worded(str(error.get("message") or "")),
    )


def as_json(error: Mapping[str, Any]) -> dict[str, Any] | None:
    """An error as the API tells it: as it is kept, with our words as ``problem``; None for none."""
    return {**error, "problem": refused(error).text} if error else None
