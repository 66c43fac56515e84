#!/usr/bin/env python3
"""Check that every catalogue is complete and compiled, without gettext on the machine.

Complete: each wording of the sources (Python and templates) has a translation that is not fuzzy.
Compiled: the ``.mo`` beside the catalogue says the same. Run with a path to check other sources.
"""

# ruff: noqa: T201 - a script of its own, which talks

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
# A context, where there is one, and the text.
Wording = tuple[str | None, str]
PACKAGES = ("portal", "customers", "orders")

# Function -> which of its arguments are context, singular, plural.
CALLS = {
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


def of_python(text: str) -> Iterator[Wording]:
    """Yield (context, wording) of each call in a Python source."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            values = [
                argument.value for argument in node.args if isinstance(argument, ast.Constant)
            ]
            yield from wording(name, values)


def of_template(text: str) -> Iterator[Wording]:
    """Yield (context, wording) of each translate and blocktranslate tag in a template."""
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
        yield said.get("c"), said["s"]


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
    for key in sorted(set(sources) - set(known), key=str):
        yield f"missing: {key[1]!r} ({sources[key]})"
    for (_context, text), message in known.items():
        if message.fuzzy:
            yield f"fuzzy: {text!r}"
        elif not all(forms(message)):
            yield f"untranslated: {text!r}"
    compiled = catalogue.with_suffix(".mo")
    said = {}
    if compiled.exists():
        with compiled.open("rb") as file:
            said = {key_of(m): forms(m) for m in read_mo(file) if m.id}
    stale = sum(said.get(key) != forms(m) for key, m in known.items() if not m.fuzzy)
    if stale:
        yield f"{stale} entries are not compiled into {compiled.name}: make messages"


def key_of(message: Message) -> Wording:
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
