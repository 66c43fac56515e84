"""How far a transition is, as Partner Center tells it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any


def lowered(row: Mapping[str, Any]) -> dict[str, Any]:
    """A transition with its names in small letters: the page writes some in Pascal case."""
    return {str(name).lower(): value for name, value in row.items()}


def begun(row: Mapping[str, Any]) -> dt.datetime:
    """When a transition started; long ago where it does not say."""
    events = row.get("events") or []
    times = [when for event in events if (when := _moment(lowered(event).get("timestamp")))]
    return min(times, default=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))


def status_of(row: Mapping[str, Any] | None) -> str:
    """How far it is, in small letters: started, completed, failed; "" for none."""
    events = (row or {}).get("events") or []
    return str(lowered(events[-1]).get("status") or "").strip().lower() if events else ""


def _moment(text: Any) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
