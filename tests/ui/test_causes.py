"""The client's causes are said in the reader's language; what others said is left as it is."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

from portal.ui import causes

ROOT = Path(__file__).parents[2] / "portal"
ERRORS = {
    "BadAnswer", "ConsentNeeded", "ForeignHost", "NotReady", "ReadOnlyBlocked", "TokenBusy",
    "TokenRefused", "TooMany", "Unreachable", "UpstreamUnavailable",
}  # fmt: skip


def said() -> set[str]:
    """Every text with which the client and its callers raise an error of this tree, {…} for what is filled in."""
    files = [
        path
        for name in ("partnercenter", "connections", "mirror")
        for path in (ROOT / name).rglob("*.py")
    ]
    calls = [
        node
        for path in files
        if path.name != "testing.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS
    ]
    return {text for call in calls if call.args and (text := _text(call.args[0]))}


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "…" for p in node.values)
    return ""


def test_every_cause_of_ours_can_be_translated() -> None:
    found = said()
    assert len(found) > 15, "the search still finds them"
    known = set(causes.CAUSES)
    plain = {text for text in found if "…" not in text}
    assert plain <= known
    patterns = causes._patterns()
    filled = found - plain
    assert not [text for text in filled if not any(p.fullmatch(text) for p, _w in patterns)]


@pytest.mark.parametrize(
    "text", ["", "AADSTS7000215: Invalid client secret provided.", "[Errno 111] Connection refused"]
)
def test_what_others_said_stays_as_it_is(text: str) -> None:
    assert causes.worded(text) == text


def test_what_is_filled_in_stays_in_place() -> None:
    told = "The portal's own request budget for orders is spent for 12 s."
    assert causes.worded(told) == told
    assert (
        causes.worded("the sign-in service: [SSL] 100% wrong")
        == "the sign-in service: [SSL] 100% wrong"
    )


def test_a_french_reader_reads_french(monkeypatch: pytest.MonkeyPatch) -> None:
    with translation.override("fr"):
        words = {"the sign-in service: %(cause)s": "le service de connexion\u00a0: %(cause)s"}
        monkeypatch.setattr(causes, "CAUSES", words)
        causes._patterns.cache_clear()
        assert (
            causes.worded("the sign-in service: timed out")
            == "le service de connexion\u00a0: timed out"
        )
    causes._patterns.cache_clear()
