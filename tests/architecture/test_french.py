"""French: complete, compiled, filled in alike, set as French is, and every wording of the code marked."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tools import messages, translations

PROJECT = translations.PROJECT
CATALOGUE = PROJECT / "portal" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
SOURCES = [
    path for package in translations.PACKAGES for path in sorted((PROJECT / package).rglob("*.py"))
]

# A plain space, or none, where French sets a no-break space. Addresses and times have signs of their own.
_SIGNS = re.compile(
    r" [:;?!»]|« |[\w)»][?!»](?!\w)|«\w|[A-Za-zÀ-ÿ)»][:;](?=\s|$)|[\d\w] %(?![(\w%])"
)
_ODD = re.compile(r"[“”’\u202f]|\.\.\.|!")
# Who is not addressed as "vous", and Microsoft's terms that were left in English.
_WORDS = re.compile(
    r"\b(tu|ton|ta|tes|toi|partner center|tenant|subscription|customer|seats?|sièges?|postes?|souscriptions?)\b",
    re.IGNORECASE,
)


@cache
def sources() -> dict[translations.Wording, Path]:
    return translations.in_sources(PROJECT)


def entries() -> list[Message]:
    with CATALOGUE.open("rb") as file:
        return [entry for entry in read_po(file) if entry.id]


def forms() -> Iterator[str]:
    """Every French text, what is filled in taken out."""
    for entry in entries():
        for form in translations.forms(entry):
            yield translations.PLACEHOLDER.sub("0", form)


def test_every_wording_is_said_in_french() -> None:
    """Nothing missing, untranslated, fuzzy, filled in differently or not compiled."""
    assert list(translations.problems(CATALOGUE, sources())) == []


def test_the_catalogue_is_what_make_messages_writes() -> None:
    """Nothing is left of wording that the code no longer uses, and both files are its work."""
    catalogue = messages.collected("fr", messages.read(CATALOGUE), sources())
    assert CATALOGUE.read_bytes() == messages.written(catalogue)
    assert CATALOGUE.with_suffix(".mo").read_bytes() == messages.compiled(catalogue)


def test_signs_stand_as_in_french() -> None:
    assert [form for form in forms() if _SIGNS.search(form)] == []
    assert [form for form in forms() if _ODD.search(form)] == []


def test_the_terms_are_those_of_the_wording_table() -> None:
    assert [form for form in forms() if _WORDS.search(form)] == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Mode\u00a0: lecture", True),
        ("Mode : lecture", False),
        ("Mode: lecture", False),
        ("Suspendre\u00a0?", True),
        ("Suspendre?", False),
        ("Suspendre ?", False),
        ("«\u00a0oui\u00a0»", True),
        ("« oui »", False),
        ("12\u00a0%", True),
        ("12 %", False),
        ("https://hôte", True),
        ("09:40", True),
    ],
)
def test_the_signs_are_recognised(text: str, *, right: bool) -> None:
    assert (_SIGNS.search(text) is None) is right


@pytest.mark.parametrize(
    ("wording", "said", "problem"),
    [
        ("%(n)s of %(all)s", "%(n)s sur %(all)s", ""),
        ("%(n)s of %(all)s", "%(n)s sur tous", "placeholders differ"),
        ("Role {role}", "Rôle {rôle}", "placeholders differ"),
        ("Role {role}", "", "untranslated"),
        (("%(n)s row", "%(n)s rows"), ("une ligne", "%(n)s lignes"), ""),
        (("%(n)s row", "%(n)s rows"), ("%(n)s ligne", "des lignes"), "placeholders differ"),
        (("%(n)s row", "%(n)s rows"), ("%(n)s ligne", ""), "untranslated"),
    ],
)
def test_a_translation_fills_in_what_its_wording_does(
    wording: str | tuple[str, str], said: str | tuple[str, str], problem: str
) -> None:
    assert translations.problem_of(Message(wording, said)) == problem


def test_collecting_keeps_what_was_said() -> None:
    """New wording waits, what nobody says any more leaves, a text that got a plural is asked again."""
    found = {
        translations.Wording((None, "Kept"), None): PROJECT,
        translations.Wording(("state", "Kept"), None): PROJECT,
        translations.Wording((None, "%(n)s row"), "%(n)s rows"): PROJECT,
    }
    before: dict[translations.Key, Message] = {
        (None, "Kept"): Message("Kept", "Gardé"),
        (None, "Left"): Message("Left", "Parti"),
        (None, "%(n)s row"): Message("%(n)s row", "%(n)s ligne"),
    }
    catalogue = messages.collected("fr", before, found)
    assert {translations.key_of(entry): entry.string for entry in catalogue if entry.id} == {
        (None, "%(n)s row"): ("", ""),
        (None, "Kept"): "Gardé",
        ("state", "Kept"): "",
    }


# Keyword arguments and calls whose text people read.
_SAID_BY_KEYWORD = {
    "caption",
    "empty_label",
    "help_text",
    "label",
    "placeholder",
    "title",
    "verbose_name",
    "verbose_name_plural",
}
_SAID_BY_CALL = re.compile(r"(Column|Filter|ValidationError|Empty|Banner)$")
# Not read on a page: what runs at a terminal, what plays Microsoft, what describes the API to programs.
_NOT_PAGES = (
    "management/",
    "emulator/",
    "embedded/",
    "partnercenter/",
    "migrations/",
    "env.py",
    "/api",
)


def unmarked(text: str) -> list[str]:
    """Literals that would be shown as they are."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        said = [key.value for key in node.keywords if key.arg in _SAID_BY_KEYWORD]
        if _SAID_BY_CALL.search(name):
            said += node.args[:1]
        found += [
            value.value
            for value in said
            if isinstance(value, ast.Constant)
            and isinstance(value.value, str)
            and re.search(r"[A-Za-z]{2}", value.value)
        ]
    return found


def read_on_pages(path: Path) -> bool:
    return not any(part in path.relative_to(PROJECT).as_posix() for part in _NOT_PAGES)


def test_every_wording_in_python_is_marked() -> None:
    found = {
        path.relative_to(PROJECT).as_posix(): texts
        for path in SOURCES
        if read_on_pages(path) and (texts := unmarked(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_unmarked_wording_is_seen() -> None:
    assert unmarked('Column("Seats")\nColumn(_("Seats"), label="Lots")') == ["Seats", "Lots"]
    assert unmarked('raise ValidationError("No")') == ["No"]
    assert unmarked('Column(_("Seats"), accessor="pk", label="–")') == []
