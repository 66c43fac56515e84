"""What can carry external ids. Lists stand below the domains, so each domain enters its objects here."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse

from portal.access.scope import Scope
from portal.lists.models.external import ExternalKind
from portal.ui import shell


@dataclass(frozen=True)
class Place:
    """Where an object lies; ``reseller_ids`` are those that sell it (a customer may have several)."""

    connection_id: int
    reseller_ids: tuple[int, ...]
    pc_id: str


@dataclass(frozen=True)
class ObjectType:
    """One kind of object: how to find it in a scope (Http404 else), where it lies, its page.

    ``right`` is asked for the object before its external ids are changed. ``by_pc_ids`` finds objects
    by their Partner Center ids in any case, over all connections of the scope: (id, object).
    ``named`` are the rows of the kind with the name of each under ``label``, for lists.
    """

    slug: str
    label: shell.Text
    kinds: tuple[ExternalKind, ...]
    find: Callable[[Scope, int], Any]
    by_pc_ids: Callable[[Scope, Collection[str]], Iterable[tuple[str, Any]]]
    place: Callable[[Any], Place]
    url_name: str = ""
    right: str = "external_ids.edit"
    guard: Callable[[Any], Model] = lambda obj: obj  # the row that rights are asked for
    named: Callable[[], QuerySet[Any]] | None = None

    def url(self, obj_id: int) -> str:
        """The object's page; where it has none, the page of its external ids."""
        if self.url_name:
            return reverse(self.url_name, args=[obj_id])
        return reverse("external_ids_of", args=[self.slug, obj_id])


_types: dict[str, ObjectType] = {}


def register(kind: ObjectType) -> None:
    """Enter a kind of object; its slug is its identity."""
    _types[kind.slug] = kind


def get(slug: str) -> ObjectType:
    """A kind by name; Http404 for one that no room entered."""
    if slug not in _types:
        raise Http404
    return _types[slug]


def all_types() -> list[ObjectType]:
    """Every kind, by name."""
    return [_types[slug] for slug in sorted(_types)]
