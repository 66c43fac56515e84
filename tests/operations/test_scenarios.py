"""The list of scenarios, and that every operation in use says where staff and scripts find it.

``UPDATE_TESTED=1`` writes anew which operations the tests name.
"""

import ast
import json
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver

from portal.access.guard import declared_route
from portal.management.commands.scenarios import TESTED
from portal.operations.reach import API, REACH
from portal.partnercenter.operations import LISTED, REGISTRY
from portal.partnercenter.spec import Effect
from tests.access.url_map import Address, addresses

ROOMS = (
    "customers",
    "orders",
    "billing",
    "portal/access",
    "portal/activity",
    "portal/administration",
    "portal/mirror",
)
# Tests that hold for every operation alike, and maps: to be named there proves nothing.
SHARED = {"contract", "operations", "partnercenter", "bench", "architecture", "access"}


def used() -> set[str]:
    """Operations that the apps name, by import or by string."""
    found: set[str] = set()
    for room in ROOMS:
        for file in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            found |= set(_names(ast.parse(file.read_text(encoding="utf-8"))))
    return found & set(REGISTRY)


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_operation_in_use_tells_where_staff_find_it() -> None:
    assert used()
    assert used() - set(REACH) == set()


def test_nothing_claims_to_be_reached_that_no_app_uses() -> None:
    assert set(REACH) - used() == set()


def test_each_place_is_a_page() -> None:
    pages = set(get_resolver().reverse_dict)
    assert {reach.url_name for reach in REACH.values()} <= pages


def test_each_address_of_the_api_exists_and_asks_for_what_it_is_named_for() -> None:
    assert set(API) - set(REACH) == set()
    found: dict[str | None, Address] = {}
    for address in addresses():
        if address.name.startswith("/api/v1/"):
            url_name = getattr(address.pattern, "name", None)
            found.setdefault(url_name, address)
    assert set(API.values()) - set(found) == set()
    for name, url_name in API.items():
        if REGISTRY[name].effect is Effect.WRITE:
            declared = declared_route(found[url_name].view, "POST")
            assert declared is not None, name
            assert declared.effect == Effect.WRITE.value, name


def test_the_file_names_no_operation_that_tests_do_not() -> None:
    tests = Path(settings.BASE_DIR) / "tests"
    found: set[str] = set()
    for file in tests.rglob("*.py"):
        if file.relative_to(tests).parts[0] not in SHARED:
            found |= set(_names(ast.parse(file.read_text(encoding="utf-8"))))
    named = sorted(found & set(REGISTRY))
    if os.environ.get("UPDATE_TESTED"):
        TESTED.write_text(json.dumps(named, indent=1) + "\n", encoding="utf-8")
    told = set(json.loads(TESTED.read_text(encoding="utf-8")))
    assert told - set(named) == set()
    assert set(REACH) - told == set(), "what staff can reach, a test calls"


def test_the_command_lists_every_operation_of_the_list_once() -> None:
    out = StringIO()
    call_command("scenarios", json=True, stdout=out)
    rows = json.loads(out.getvalue())
    assert [row["operation"] for row in rows] == [name for name in REGISTRY if name in LISTED]
    change = next(row for row in rows if row["operation"] == "CHANGE_QUANTITY")
    assert change == {
        "slug": "change-the-quantity-of-a-subscription",
        "operation": "CHANGE_QUANTITY",
        "method": "PATCH",
        "path": "/v1/customers/{customer_id}/subscriptions/{subscription_id}",
        "emulated": True,
        "reach": "Subscription page, Change seats",
        "api": "/api/v1/subscriptions/<pk>/change-quantity/",
        "tested": True,
    }
    lists = next(row for row in rows if row["operation"] == "LIST_CUSTOMERS")
    assert lists["api"] == "/api/v1/customers/"
    assert {row["operation"] for row in rows if row["api"] and not row["reach"]} == set()
