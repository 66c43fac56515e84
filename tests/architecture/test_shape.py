"""The shape of the code: short rooms, short views, no hidden flow, scope first."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from portal.access.policies import scoped_models

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("portal", "customers", "orders", "billing")
SOURCES = sorted(
    path
    for package in PACKAGES
    for path in (PROJECT / package).rglob("*.py")
    if "migrations" not in path.parts
)
VIEW_LINES, MODULE_LINES, TEST_LINES = 25, 400, 500
# Reads that need no scope: both sides of a verb ask it about a target that the guard let through.
UNSCOPED_READS = ["portal/outbox/queries.py:expected"]
# The clock that others get injected has to look at a real one.
CLOCKS = {"portal/emulator/clock.py"}
# Tables with a connection that no reseller's part is cut out of: books of the sync, tokens, search.
WITHOUT_SCOPE = {
    "access.Membership",
    "access.SearchEntry",
    "approvals.Rule",
    "activity.Happening",  # a view: the policies of its two tables hold
    "connections.AccessToken",
    "connections.ConsentAttempt",
    "mirror.DirtyMark",
    "mirror.Freshness",
    "mirror.RawPage",
    "mirror.SyncRun",
    "mirror.WebhookEvent",
    "mirror.WebhookRegistration",
    "notifications.MailTemplate",
}


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def is_view(node: ast.FunctionDef) -> bool:
    return any("route(" in ast.unparse(decorator) for decorator in node.decorator_list)


def test_modules_stay_short() -> None:
    long = {
        name(path): lines
        for path in [*SOURCES, *(PROJECT / "tests").rglob("*.py")]
        if (lines := len(path.read_text(encoding="utf-8").splitlines()))
        > (TEST_LINES if name(path).startswith("tests/") else MODULE_LINES)
    }
    assert long == {}


def test_views_stay_short() -> None:
    long = {
        f"{name(path)}:{node.name}": lines
        for path in SOURCES
        for node in functions(path)
        if is_view(node) and (lines := (node.end_lineno or 0) - node.lineno + 1) > VIEW_LINES
    }
    assert long == {}


def test_reads_take_the_scope_first() -> None:
    """Or a queryset that was scoped already, or a row that came out of one."""
    loose = []
    for path in SOURCES:
        if path.name == "queries.py" or path.parent.name == "queries":
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    first = node.args.args[0] if node.args.args else None
                    kind = ast.unparse(first.annotation) if first and first.annotation else ""
                    if first and kind != "Scope" and "QuerySet" not in kind:
                        loose.append(f"{name(path)}:{node.name}")
    assert loose == UNSCOPED_READS


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"from django\S* import .*\b(signals|receiver|Signal)\b", "signals hide the flow"),
        (r"\.signals\b|django\.dispatch", "signals hide the flow"),
        (r"\btime\.sleep\(|from time import .*sleep", "a worker that sleeps serves nobody"),
        (r"datetime\.(now|utcnow|today)\(", "timezone.now, or an injected clock"),
        (r"^\s*from \.", "imports are absolute"),
        (r"^\s*print\(", "logs or the command's stdout"),
        (r"\.raw\(|\.extra\(", "ORM, or a cursor with parameters"),
        (r"import n?p?gettext\w* as (?!_$)", "a wording under another name is not collected"),
    ],
)
def test_never(pattern: str, why: str) -> None:
    found = [
        f"{name(path)}:{number}"
        for path in SOURCES
        if name(path) not in CLOCKS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert found == [], why


def test_nothing_but_the_webhook_receiver_is_exempt_from_csrf() -> None:
    exempt = {name(path) for path in SOURCES if "csrf_exempt" in path.read_text(encoding="utf-8")}
    assert exempt == {"portal/mirror/views.py"}


def test_package_stays_empty() -> None:
    assert (PROJECT / "portal" / "__init__.py").read_text(encoding="utf-8") == ""


def test_each_model_of_a_connection_has_a_scope_or_a_reason() -> None:
    loose = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith(PACKAGES)
        and "connection" in {field.name for field in model._meta.get_fields()}
        and model not in scoped_models()
    }
    assert loose == WITHOUT_SCOPE


def test_models_say_what_the_web_may_do_with_them() -> None:
    """``web_access`` is a list of the four words, so that a misspelt one does not grant nothing."""
    words = {"select", "insert", "update", "delete", ""}
    for model in apps.get_models():
        access = getattr(model, "web_access", "")
        assert {word.strip() for word in access.split(",")} <= words, model
