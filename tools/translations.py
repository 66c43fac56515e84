#!/usr/bin/env python3
"""Check that every catalogue is complete and compiled, without gettext on the machine.

Complete: each wording of the sources (Python and templates) has a translation that is not fuzzy and
keeps its placeholders. Compiled: the ``.mo`` beside the catalogue says the same. Run with a path to
check other sources.
"""

# ruff: noqa: T201 - a script of its own, which talks

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = ("portal", "customers", "orders", "billing")
# A context, where there is one, and the text: what a message is looked up by.
Key = tuple[str | None, str]

# Function -> which of its arguments are context, singular, plural.
CALLS = {
    "N_": "s",
    "_": "s",
    "gettext": "s",
    "gettext_lazy": "s",
    "gettext_noop": "s",
    "ngettext": "sp",
    "ngettext_lazy": "sp",
    "pgettext": "cs",
    "pgettext_lazy": "cs",
    "npgettext": "csp",
    "npgettext_lazy": "csp",
}
STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
IN_TEMPLATE = re.compile(
    rf"\b(n?p?gettext|_)\(\s*{STRING}(?:\s*,\s*{STRING})?(?:\s*,\s*{STRING})?", re.DOTALL
)
PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*[\d.]*[a-zA-Z]|%[#0 +-]*[\d.]*[sdif]|%%|\{\w*[^{}]*\}")


class Wording(NamedTuple):
    """One message of the sources."""

    key: Key
    plural: str | None


def of_python(text: str) -> Iterator[Wording]:
    """Yield the wording of each call in a Python source."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            values = [
                argument.value for argument in node.args if isinstance(argument, ast.Constant)
            ]
            yield from wording(name, values)


def of_template(text: str) -> Iterator[Wording]:
    """Yield the wording of each translate and blocktranslate tag in a template."""
    for name, *strings in IN_TEMPLATE.findall(templatize(text)):
        yield from wording(name, [ast.literal_eval(string) for string in strings if string])


def wording(name: str, values: Sequence[object]) -> Iterator[Wording]:
    """Yield the message that a call of ``name`` with these literals looks up, if it is one."""
    shape = CALLS.get(name)
    texts = [value for value in values if isinstance(value, str)]
    if not shape or len(texts) < len(shape):
        return
    said = dict(zip(shape, texts, strict=False))
    if said["s"]:
        yield Wording((said.get("c"), said["s"]), said.get("p"))


def in_sources(root: Path) -> dict[Wording, Path]:
    """Return every wording of the sources -> the first file that holds it."""
    found: dict[Wording, Path] = {}
    files = [file for package in PACKAGES for file in sorted((root / package).rglob("*.py"))]
    for file in files:
        for message in of_python(file.read_text(encoding="utf-8")):
            found.setdefault(message, file)
    for file in sorted((root / "templates").rglob("*.*")):
        for message in of_template(file.read_text(encoding="utf-8")):
            found.setdefault(message, file)
    return found


def problems(catalogue: Path, sources: dict[Wording, Path]) -> Iterator[str]:
    """Yield what is wrong with one ``.po`` file, a line each."""
    with catalogue.open("rb") as file:
        known = {key_of(m): m for m in read_po(file) if m.id}
    for message, path in sorted(sources.items(), key=lambda item: item[0].key[1]):
        if message.key not in known:
            yield f"missing: {message.key[1]!r} ({path})"
        elif message.plural and isinstance(known[message.key].id, str):
            yield f"has no plural: {message.key[1]!r} ({path})"
    for entry in known.values():
        if problem := problem_of(entry):
            yield f"{problem}: {first(entry.id)!r}"
    stale = sum(not entry.fuzzy for entry in not_compiled(catalogue, known))
    if stale:
        yield f"{stale} entries are not compiled into {catalogue.stem}.mo: make messages"


def problem_of(entry: Message) -> str:
    """Return what is wrong with one translation, in a word or two; nothing if all is well."""
    if entry.fuzzy:
        return "fuzzy"
    if not all(forms(entry)):
        return "untranslated"
    return "" if keeps_placeholders(entry) else "placeholders differ"


def not_compiled(catalogue: Path, known: dict[Key, Message]) -> list[Message]:
    """Return the messages that the ``.mo`` beside a catalogue does not say."""
    said = {}
    compiled = catalogue.with_suffix(".mo")
    if compiled.exists():
        with compiled.open("rb") as file:
            said = {key_of(m): forms(m) for m in read_mo(file) if m.id}
    return [entry for key, entry in known.items() if said.get(key) != forms(entry)]


def keeps_placeholders(entry: Message) -> bool:
    """Whether every form fills in what its wording fills in; a singular may leave the number out."""
    wordings = [str(text) for text in ([entry.id] if isinstance(entry.id, str) else entry.id)]
    every = set(PLACEHOLDER.findall(wordings[-1])) | set(PLACEHOLDER.findall(wordings[0]))
    *fewer, last = forms(entry)
    return set(PLACEHOLDER.findall(last)) == every and all(
        set(PLACEHOLDER.findall(form)) <= every for form in fewer
    )


def key_of(message: Message) -> Key:
    """Return what a message is looked up by."""
    context: str | bytes | None = message.context
    # Babel leaves contexts of .mo files as bytes.
    context = context.decode() if isinstance(context, bytes) else context
    return context, first(message.id)


def first(value: str | Sequence[str | None] | None) -> str:
    """Return the singular of a wording."""
    return value if isinstance(value, str) else str((value or [""])[0])


def forms(message: Message) -> list[str]:
    """Return all forms of a translation."""
    said = message.string
    return [said] if isinstance(said, str) else [str(form or "") for form in said or [""]]


def main() -> int:
    """Report every catalogue; the status is 1 if one is not complete."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT
    settings.configure()
    sources = in_sources(root)
    found = [
        f"{catalogue.relative_to(root)}: {problem}"
        for catalogue in sorted((root / "portal" / "locale").glob("*/LC_MESSAGES/*.po"))
        for problem in problems(catalogue, sources)
    ]
    print("\n".join(found))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
