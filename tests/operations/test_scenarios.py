"""The list of scenarios, and that every operation in use says where staff find it."""

import ast
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver

from portal.operations.reach import REACH
from portal.partnercenter.operations import LISTED, REGISTRY

ROOMS = (
    "customers",
    "orders",
    "billing",
    "portal/access",
    "portal/activity",
    "portal/administration",
    "portal/mirror",
)


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
    }
