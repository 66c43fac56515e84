"""From method and path to the operations of the table that they may mean."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from portal.emulator.context import Call
from portal.emulator.handlers import (
    agreements,
    asides,
    audit,
    azure_plans,
    billing_profiles,
    carts,
    catalogue,
    creating,
    customers,
    domains,
    invoices,
    licences,
    migrations,
    offers,
    orders,
    permissions,
    pricesheets,
    profiles,
    purchase_orders,
    purchasing,
    relationships,
    spending,
    subscriptions,
    transfers,
    upgrades,
    users,
    validations,
    webhooks,
)
from portal.emulator.handlers.registry import CHOOSERS, HANDLERS, Handler
from portal.partnercenter.operations import REGISTRY
from portal.partnercenter.spec import Operation

# Imported for what they register.
FAMILIES = (
    agreements,
    asides,
    audit,
    azure_plans,
    billing_profiles,
    carts,
    catalogue,
    creating,
    customers,
    domains,
    invoices,
    licences,
    migrations,
    orders,
    offers,
    permissions,
    pricesheets,
    profiles,
    purchase_orders,
    purchasing,
    relationships,
    spending,
    subscriptions,
    transfers,
    users,
    validations,
    webhooks,
    upgrades,
)
_ANY = "{}"


@dataclass(slots=True)
class Node:
    """A place in the tree of paths; statics are in lower case (README trap 2)."""

    children: dict[str, "Node"] = field(default_factory=dict)
    # Segments with words around their placeholders, as OData writes them.
    patterns: list[tuple[re.Pattern[str], "Node"]] = field(default_factory=list)
    operations: dict[str, list[Operation[Any]]] = field(default_factory=dict)

    def below(self, part: str) -> "Node":
        """The place that a segment of an operation's path leads to, made if it is new."""
        if "{" in part and not part.startswith("{"):
            pattern = re.compile(_filled(part), re.IGNORECASE)
            self.patterns.append((pattern, Node()))
            return self.patterns[-1][1]
        return self.children.setdefault(_ANY if part.startswith("{") else part.lower(), Node())


def _filled(part: str) -> str:
    """The expression for a segment of which but pieces are placeholders."""
    pieces = re.split(r"\{\w+\}", part)
    return "([^/]+?)".join(re.escape(piece) for piece in pieces)


@dataclass(frozen=True, slots=True)
class Route:
    """``methods`` maps a method to its operations; ``values`` fill the placeholders in order."""

    methods: dict[str, list[Operation[Any]]]
    values: tuple[str, ...]


class Router:
    def __init__(self, operations: Iterable[Operation[Any]]) -> None:
        self._root = Node()
        for operation in operations:
            node = self._root
            for part in operation.path.strip("/").split("/"):
                node = node.below(part)
            node.operations.setdefault(operation.method.value, []).append(operation)

    def match(self, path: str) -> Route | None:
        """Return what stands at a path, None for nothing. A static segment beats a placeholder."""
        parts = path.strip("/").split("/")
        found = self._walk(self._root, parts, ())
        return found if found is not None and found.methods else None

    def _walk(self, node: Node, parts: list[str], values: tuple[str, ...]) -> Route | None:
        if not parts:
            return Route(node.operations, values) if node.operations else None
        head, rest = parts[0], parts[1:]
        static = node.children.get(head.lower())
        if static is not None:
            found = self._walk(static, rest, values)
            if found is not None:
                return found
        for pattern, below in node.patterns:
            if matched := pattern.fullmatch(unquote(head)):
                return self._walk(below, rest, (*values, *matched.groups()))
        variable = node.children.get(_ANY)
        if variable is None or not head:
            return None
        return self._walk(variable, rest, (*values, unquote(head)))


def choose(call: Call, candidates: list[Operation[Any]], values: tuple[str, ...]) -> None:
    """Set the operation that a call means and its ``params``.

    Operations that share a place are told apart by a chooser of their family, else by their
    query: all required names given, then the one with the most of its own names given.
    """
    first = candidates[0]
    call.params = dict(zip(first.path_names, values, strict=True))
    best = max(candidates, key=lambda operation: _fit(call, operation))
    chooser = CHOOSERS.get(best.name)
    if chooser is not None:
        name = chooser(call)
        best = next((item for item in candidates if item.name == name), best)
    call.operation = best
    call.params = dict(zip(best.path_names, values, strict=True))


def _fit(call: Call, operation: Operation[Any]) -> int:
    given = [query for query in operation.query if query.name.lower() in call.query]
    if any(query.required and query not in given for query in operation.query):
        return -1
    return len(given)


def handler(operation: Operation[Any]) -> Handler | None:
    return HANDLERS.get(operation.name)


def coverage() -> dict[str, bool]:
    """Return for every operation of the table whether it is emulated."""
    return {name: name in HANDLERS for name in sorted(REGISTRY)}
