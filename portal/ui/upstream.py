"""What Partner Center said when it was asked and told nothing: our words first; its code, id and own words beside.

Errors are kept as ``portal.mirror`` describes them: code, kind, status, message, correlation id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.reference import errors as reference
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
    # Where Partner Center gave no number the class of the error stands for it.
    kind = str(error.get("kind") or code)
    return Refused(
        text=_text(code, kind, error.get("status")),
        code=code if code[-1:].isdigit() else "",
        correlation_id=str(error.get("correlation_id") or ""),
        said=causes.worded(str(error.get("message") or "")),
    )


def _text(code: str, kind: str, status: int | None) -> str:
    if code == "too_late":
        return _("No worker took the request.")
    return _(reference.explain(code or None, status=status, kind=kind))


def as_json(error: Mapping[str, Any]) -> dict[str, Any] | None:
    """An error as the API tells it: as it is kept, with our words as ``problem``; None for none."""
    return {**error, "problem": refused(error).text} if error else None
