"""Wire values as columns, leniently: what cannot be read becomes empty, and never fails a sync.

The payload keeps the original, so nothing is lost by an empty column.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# .NET prints seven digits of a second and sometimes a blank after a colon.
_BLANK_AFTER_COLON = re.compile(r":\s+")
_FRACTION = re.compile(r"\.(\d+)")
_FORMS = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y")
GUID_LENGTH = 36
LEAST, MOST = -(2**63), 2**63 - 1


def text(value: Any) -> str:
    """Return the value as text; null and containers are empty. NUL, which Postgres refuses, is marked."""
    if type(value) is str:
        return value.replace("\x00", "\ufffd") if "\x00" in value else value
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).replace("\x00", "\ufffd")


def identifier(value: Any) -> str:
    """Return an id; a GUID in small letters, because lists and details disagree about case."""
    found = text(value)
    return found.lower() if len(found) == GUID_LENGTH and GUID.fullmatch(found) else found


def whole(value: Any) -> int | None:
    """Return a whole number that a bigint can hold, or None."""
    if type(value) is int:
        return value if LEAST <= value <= MOST else None
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return None
    try:
        number = int(value)
        exact = number == value or str(number) == str(value).strip()
    except (ValueError, OverflowError):
        return None
    return number if exact and LEAST <= number <= MOST else None


def flag(value: Any) -> bool | None:
    """Return a yes or no; documents write ``true`` and ``"true"``. None where neither is meant."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).strip().lower())


def moment(value: Any) -> dt.datetime | None:
    """Return an instant in UTC (audit dates come in three forms), or None."""
    raw = text(value).strip()
    if not raw:
        return None
    try:
        found = _iso(raw) or _printed(raw)
        if found is None:
            return None
        return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _iso(raw: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(raw)
    except ValueError:
        return _tidied(raw)


def _tidied(raw: str) -> dt.datetime | None:
    tidy = _FRACTION.sub(lambda m: "." + m[1][:6].ljust(6, "0"), _BLANK_AFTER_COLON.sub(":", raw))
    try:
        return dt.datetime.fromisoformat(tidy)
    except ValueError:
        return None


def _printed(raw: str) -> dt.datetime | None:
    for form in _FORMS:
        try:
            return dt.datetime.strptime(raw, form).replace(tzinfo=dt.UTC)
        except ValueError:
            continue
    return None


def child(value: Any, name: str) -> Mapping[str, Any]:
    """Return a nested object, or an empty one where it is missing or of another shape."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def children(value: Any, name: str) -> list[Mapping[str, Any]]:
    """Return a nested list's objects, without anything that is not an object."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []
