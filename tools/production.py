#!/usr/bin/env python3
"""Print the part of requirements.txt that runs in production: no tests, no tools, no embedded servers.

The pins and hashes are those of the one lock; which of them are needed is read from the metadata of the
packages installed in .venv. The emulator's packages stay, for the demo profile of the compose file.
"""

# ruff: noqa: T201 - a script of its own, whose output is the result

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent


def needed(wanted: list[str]) -> set[str]:
    """Return the names of these requirements and of all that they bring, extras respected."""
    seen: set[tuple[str, str]] = set()
    waiting = [(Requirement(text), "") for text in wanted]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for part in {"", *requirement.extras}:
            if (name, part) not in seen:
                seen.add((name, part))
                waiting += [(Requirement(text), part) for text in requires(name) or []]
    return {name for name, _ in seen}


def locked(text: str) -> Iterator[tuple[str, str]]:
    """Yield (name, lines) for each entry of a lock file."""
    for entry in re.split(r"\n(?=\S)", text.strip()):
        name = re.match(r"[A-Za-z0-9._-]+", entry)
        if name:
            yield canonicalize_name(name[0]), entry


def main() -> None:
    """Print the entries that production needs."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    names = needed([*project["dependencies"], *project["optional-dependencies"]["emulator"]])
    for name, entry in locked((PROJECT / "requirements.txt").read_text()):
        if name in names:
            print(entry)


if __name__ == "__main__":
    main()
