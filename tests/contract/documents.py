"""The documented scenarios and examples, and how to match an example with an operation."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from portal.partnercenter.operations import by_scenario
from portal.partnercenter.spec import Operation

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def scenarios() -> dict[str, dict[str, Any]]:
    rows = json.loads((DATA / "scenarios.json").read_text())
    return {row["slug"]: row for row in rows}


def examples() -> list[Path]:
    return sorted((DATA / "examples").glob("*.json"))


def newer_examples() -> list[Path]:
    return sorted((DATA / "new-commerce").glob("*.json"))


def load(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def tidy(path: str) -> str:
    """Undo the misprints of the pages: doubled slashes, a stray space, a slash at the end."""
    return re.sub(r"/{2,}", "/", path.replace("%20", "")).rstrip("/")


def placeholders(operation: Operation[Any], path: str) -> dict[str, str] | None:
    """Read the values of an operation's placeholders out of a documented path."""
    parts = re.split(r"\{(\w+)\}", operation.path)
    pattern = "".join(
        f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts)
    )
    found = re.fullmatch(pattern, tidy(path), re.IGNORECASE)
    return found.groupdict() if found else None


def matching(slug: str, method: str, path: str) -> list[tuple[Operation[Any], dict[str, str]]]:
    """Return the operations of a scenario that are this method and path, with their values."""
    found = []
    for operation in by_scenario(slug):
        values = placeholders(operation, path)
        if operation.method == method and values is not None:
            found.append((operation, values))
    return found


def lowered(value: Any) -> Any:
    """Return JSON with all names in lower case, to compare without regard to case."""
    if isinstance(value, dict):
        return {name.lower(): lowered(content) for name, content in value.items()}
    return [lowered(item) for item in value] if isinstance(value, list) else value
