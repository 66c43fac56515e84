"""Every address of the portal, walked from the URL configuration, with real ids to put into it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

from portal.access.guard import Route, declared_route

METHODS = ("GET", "POST")
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class Address:
    """``shape`` is the address with its placeholders, as the reviewed table spells it."""

    shape: str
    view: Any
    pattern: URLPattern

    @property
    def places(self) -> list[str]:
        return [first or second for first, second in _PLACE.findall(self.shape)]

    @property
    def name(self) -> str:
        """The shape as people read it: /customers/<pk>/."""
        return "/" + _PLACE.sub(lambda m: f"<{m[1] or m[2]}>", self.shape)

    def url(self, ids: dict[str, object]) -> str:
        """The address with ids from the table: "customers.pk" by its first word, or "name"."""
        shape = self.shape.replace("customers/users/", "customer-users/")
        words = shape.replace("customers/licences/", "licences/").split("/")
        kind = next(
            (w for w in (words[2:] if words[0] == "api" else words) if w in KINDS), words[0]
        )
        return "/" + _PLACE.sub(lambda m: str(ids[_key(kind, m[1] or m[2])]), self.shape)

    def declared(self, method: str) -> Route | None:
        return declared_route(self.view, method)


KINDS = (
    "letters",
    "term-letters",
    "term-decisions",
    "customers",
    "customer-users",
    "licences",
    "carts",
    "products",
    "offers",
    "subscriptions",
    "orders",
    "azure-subscriptions",
    "transfers",
    "term-decisions",
    "migrations",
    "planned-migrations",
    "price-books",
    "price-rules",
    "sheet-prices",
    "changes",
    "batches",
    "notifications",
    "mails",
    "mail-templates",
    "invoices",
    "invoice-lines",
    "activity",
    "exports",
    "external-ids",
    "users",
    "approval-rules",
    "consent",
    "passes",
    "tokens",
)


def _key(kind: str, place: str) -> str:
    return place if place in {"name", "membership", "key", "uidb36"} else f"{kind}.{place}"


def addresses() -> list[Address]:
    """All of them, sorted."""
    return sorted(_walk(get_resolver().url_patterns, ""), key=lambda found: found.name)


def _walk(patterns: list[Any], before: str) -> Iterator[Address]:
    for pattern in patterns:
        shape = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLPattern):
            yield Address(shape, pattern.callback, pattern)
        else:
            yield from _walk(pattern.url_patterns, shape)
