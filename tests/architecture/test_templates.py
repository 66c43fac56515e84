"""Templates: every word can be translated, nothing runs inline."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))
# Names and signs that are the same in every language.
NAMES = {"CSP Portal", "UTC", "CSV", "XLSX", "API", "Partner Center", "Microsoft"}

_BLOCKS = re.compile(r"{% (blocktranslate|comment|verbatim)\b.*?{% end\1 %}", re.DOTALL)
_TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
_RAW = re.compile(
    r"<(script|style|svg)\b.*?</\1>|<!--.*?-->|<!doctype.*?>", re.DOTALL | re.IGNORECASE
)
_ELEMENT = re.compile(r"<[^<>]*>", re.DOTALL)
_SAID = re.compile(r'\b(?:aria-label|placeholder|title|alt|label|verb|undo)="([^"]*)"')
_WORD = re.compile(r"[A-Za-zÀ-ÿ]{3,}")


def without_tags(text: str) -> str:
    return _TAGS.sub(" ", _BLOCKS.sub(" ", text))


def loose_words(text: str) -> list[str]:
    """What a reader would see untranslated: text between elements, and attributes that are read out."""
    plain = without_tags(text)
    said = [found for found in _SAID.findall(plain) if _WORD.search(found)]
    body = _ELEMENT.sub("\n", _RAW.sub(" ", plain))
    lines = [line.strip(" ·:,.()–-…&;nbsp") for line in body.splitlines()]
    shown = [line for line in lines if _WORD.search(line)]
    return [words for words in shown + said if words.strip() not in NAMES]


def test_every_word_is_translated() -> None:
    found = {
        str(path.relative_to(PROJECT)): words
        for path in TEMPLATES
        if (words := loose_words(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_the_heuristic_sees_what_it_should() -> None:
    assert loose_words("<p>Hello there</p>") == ["Hello there"]
    assert loose_words('<a aria-label="Open menu">{% icon "x" %}</a>') == ["Open menu"]
    assert loose_words('<p>{% translate "Hello" %} {{ name }}</p>') == []
    assert loose_words("{% blocktranslate trimmed %}Hello {{ x }}{% endblocktranslate %}") == []


def test_nothing_runs_inline() -> None:
    """The content security policy forbids it; a page would silently lose what stands there."""
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=", text), path
        assert not re.search(r"\son[a-z]+=", text), path
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert "hx-on" not in text, path
        assert "javascript:" not in text, path


def test_nothing_is_marked_safe_by_a_template() -> None:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape off", text), path


def test_every_form_that_posts_carries_the_csrf_token() -> None:
    for path in TEMPLATES:
        for form in re.findall(
            r"<form\b[^>]*>.*?</form>", path.read_text(encoding="utf-8"), re.DOTALL
        ):
            if re.search(r'method="post"', form, re.IGNORECASE):
                assert "csrf_token" in form, path
