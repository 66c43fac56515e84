"""What one person may see, and where each of their rights holds.

A row is visible if its connection is wholly visible or its reseller is in scope. A right is asked
for an object: some one membership must cover the object and grant the right, so a reseller's sales
right never joins with another connection's viewing right. Every ``queries.py`` takes a Scope first.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.constants import LOOKUP_SEP

from portal.access.roles import (
    ALL_RIGHTS,
    READ_ONLY_ROLES,
    only_reads,
    rights_of,
    rights_within_reseller,
)

if TYPE_CHECKING:
    from portal.access.models import User

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Grant:
    """One membership: a role's rights over everything, over a connection, or over one reseller."""

    role: str
    connection_id: int | None
    reseller_id: int | None
    rights: frozenset[str]

    @property
    def everywhere(self) -> bool:
        return self.connection_id is None and self.reseller_id is None

    def covers(self, connection_id: int | None, reseller_ids: Iterable[int]) -> bool:
        """Whether rows of this connection and these resellers lie within the membership."""
        if self.everywhere:
            return True
        if self.reseller_id is not None:
            return self.reseller_id in reseller_ids
        return connection_id == self.connection_id


@dataclass(frozen=True)
class Scope:
    """The visible part of the portal for one request or task. ``read_only`` bars every write."""

    user_id: int | None
    all_connections: bool = False
    connection_ids: frozenset[int] = frozenset()
    reseller_ids: frozenset[int] = frozenset()
    read_only: bool = False
    grants: tuple[Grant, ...] = field(default=(), repr=False)

    @classmethod
    def nobody(cls) -> "Scope":
        """The scope of a request without a person: nothing."""
        return cls(user_id=None, read_only=True)

    @classmethod
    def system(cls) -> "Scope":
        """The scope of workers and commands: everything, every right."""
        everything = Grant("system", None, None, ALL_RIGHTS)
        return cls(user_id=None, all_connections=True, grants=(everything,))

    @classmethod
    def for_user(cls, user: "User", *, read_only: bool = False) -> "Scope":
        """The scope of a person; ``read_only`` narrows it further (a read-only token)."""
        if not user.is_active:
            return cls.nobody()
        grants = tuple(_grants(user))
        return cls(
            user_id=user.pk,
            all_connections=any(grant.everywhere for grant in grants),
            connection_ids=frozenset(
                grant.connection_id
                for grant in grants
                if grant.connection_id is not None and grant.reseller_id is None
            ),
            reseller_ids=frozenset(
                grant.reseller_id for grant in grants if grant.reseller_id is not None
            ),
            read_only=read_only or all(grant.role in READ_ONLY_ROLES for grant in grants),
            grants=grants,
        )

    # --- rows -----------------------------------------------------------------------------------

    def filter(self, queryset: models.QuerySet[M]) -> models.QuerySet[M]:
        """The rows of a scoped model (one with ``scope_path``) that this scope sees."""
        if self.all_connections:
            return queryset
        return queryset.filter(self.condition(queryset.model))

    def condition(self, model: type[models.Model]) -> Q:
        """The same as a condition, for querysets that are put together by hand."""
        if self.all_connections:
            return Q()
        seen = Q(pk__in=[])
        if self.connection_ids:
            seen |= Q(**{f"{_connection_path(model)}__in": self.connection_ids})
        if self.reseller_ids and _path(model):
            seen |= _reseller_condition(model, self.reseller_ids)
        return seen

    def covers(self, obj: models.Model) -> bool:
        """Whether this scope sees an object. A connection is seen whole or not at all."""
        return any(grant.covers(*_place(obj)) for grant in self.grants)

    def visible_connection_ids(self) -> frozenset[int] | None:
        """The connections of which something is visible; None for all of them."""
        if self.all_connections:
            return None
        return frozenset(g.connection_id for g in self.grants if g.connection_id is not None)

    def sees_whole(self, connection_id: int | None) -> bool:
        """Whether every row of a connection is visible, its cost side included."""
        return self.all_connections or connection_id in self.connection_ids

    @property
    def sees_some_whole(self) -> bool:
        """Whether some connection is visible whole: the partner's own staff, not that of a reseller."""
        return self.all_connections or bool(self.connection_ids)

    # --- rights ---------------------------------------------------------------------------------

    def can(self, right: str, obj: models.Model | None = None) -> bool:
        """Whether one membership grants the right, and covers the object if one is given.

        A read-only scope has no right but those of reading.
        """
        if self.read_only and not only_reads(right):
            return False
        granting = [grant for grant in self.grants if right in grant.rights]
        if not granting or obj is None:
            return bool(granting)
        place = _place(obj)
        return any(grant.covers(*place) for grant in granting)

    def rights_on(self, obj: models.Model) -> frozenset[str]:
        """All that this scope may do with an object, asked once: for pages that offer several things."""
        place = _place(obj)
        found = frozenset().union(*(g.rights for g in self.grants if g.covers(*place)))
        return frozenset(filter(only_reads, found)) if self.read_only else found

    def narrowed(self, right: str) -> "Scope":
        """The part of this scope in which a right holds: for lists that need more than seeing."""
        grants = tuple(grant for grant in self.grants if right in grant.rights)
        return Scope(
            user_id=self.user_id,
            all_connections=any(grant.everywhere for grant in grants),
            connection_ids=frozenset(
                g.connection_id for g in grants if g.connection_id and not g.reseller_id
            ),
            reseller_ids=frozenset(g.reseller_id for g in grants if g.reseller_id),
            read_only=self.read_only,
            grants=grants,
        )

    @cached_property
    def as_json(self) -> str:
        """What is visible, alike for all who see the same."""
        return json.dumps(self._visible)

    @cached_property
    def for_policies(self) -> str:
        """What the row policies read (``portal.scope``): what is visible, and whose own rows are too."""
        return json.dumps(self._visible | {"user": self.user_id})

    @property
    def _visible(self) -> dict[str, Any]:
        return {
            "all": self.all_connections,
            "connections": sorted(self.connection_ids),
            "resellers": sorted(self.reseller_ids),
        }


def _grants(user: "User") -> Iterable[Grant]:
    rows: list[dict[str, Any]] | None = getattr(user, "membership_rows", None)
    if rows is None:
        rows = [
            {"role": m.role, "connection": m.connection_id, "reseller": m.reseller_id}
            for m in user.memberships.all()
        ]
    for row in rows:
        rights = rights_within_reseller if row["reseller"] is not None else rights_of
        yield Grant(row["role"], row["connection"], row["reseller"], rights(row["role"]))


# --- where a row lies ---------------------------------------------------------------------------


def _path(model: type[models.Model]) -> str:
    """The ORM path to the reseller; "" for rows that belong to a connection whole (cost)."""
    # History rows lie where the row that they tell of lies.
    tracked = getattr(model, "pgh_tracked_model", None)
    path: str | None = getattr(tracked or model, "scope_path", None)
    if path is None:
        raise TypeError(f"{model.__name__} has no scope_path, so no scope can filter it.")
    return path


def _connection_path(model: type[models.Model]) -> str:
    path = _path(model)
    names = {f.name for f in model._meta.get_fields()}  # noqa: SLF001 - Django's own name
    return "connection" if "connection" in names else f"{path.split(LOOKUP_SEP)[0]}__connection"


def _many(model: type[models.Model]) -> Any:
    """The reverse relation that a path starts with (customer → links), or None."""
    head = _path(model).split(LOOKUP_SEP)[0]
    relation = model._meta.get_field(head)  # noqa: SLF001
    return relation if relation.auto_created and relation.one_to_many else None


def _reseller_condition(model: type[models.Model], reseller_ids: Iterable[int]) -> Q:
    path, relation = _path(model), _many(model)
    if (above := _above(model)) is not None:
        seen = _reseller_condition(above.related_model, reseller_ids)
        parents = above.related_model._base_manager.filter(seen)  # noqa: SLF001
        return Q(**{f"{above.name}__in": parents.values("pk")})
    if relation is None:
        return Q(**{f"{path}__in": reseller_ids})
    # A subquery and not a join: a customer with two resellers is one row.
    return Q(Exists(_links(relation).filter(**{f"{_tail(path)}__in": reseller_ids})))


def _above(model: type[models.Model]) -> Any:
    """The object above that a row stands and falls with (a user's customer), or None.

    It is one whose own resellers are found through links, so that the path has three steps.
    """
    head, *rest = _path(model).split(LOOKUP_SEP)
    return model._meta.get_field(head) if len(rest) > 1 and _many(model) is None else None  # noqa: SLF001


def _tail(path: str) -> str:
    return path.split(LOOKUP_SEP, 1)[1]


def _links(relation: Any) -> models.QuerySet[Any]:
    """Present links of the outer row; a link that is gone opens nothing."""
    related: type[models.Model] = relation.related_model
    links = related._base_manager.filter(**{relation.field.name: OuterRef("pk")})  # noqa: SLF001
    names = {f.name for f in related._meta.get_fields()}  # noqa: SLF001
    return links.filter(gone_at=None) if "gone_at" in names else links


_KEPT = "resellers of this object"


def _place(obj: models.Model) -> tuple[int | None, frozenset[int]]:
    """The connection and the resellers that an object belongs to."""
    model = type(obj)
    if model._meta.label == "connections.Connection":  # noqa: SLF001
        return obj.pk, frozenset()
    connection_id = getattr(obj, "connection_id", None)
    if not _path(model):
        return connection_id, frozenset()
    path, relation = _path(model), _many(model)
    if (above := _above(model)) is not None:
        parent = getattr(obj, above.name)
        return (connection_id, frozenset()) if parent is None else _place(parent)
    if relation is None:
        value: Any = obj
        *steps, last = path.split(LOOKUP_SEP)
        for step in steps:
            value = getattr(value, step)
        name = last if last == "id" or last.endswith("_id") else f"{last}_id"
        reseller_id = getattr(value, name)
        if steps and connection_id is None:
            connection_id = getattr(value, "connection_id", None)
        return connection_id, frozenset() if reseller_id is None else frozenset({reseller_id})
    return connection_id, _resellers_of(obj, relation, path)


def _resellers_of(obj: models.Model, relation: Any, path: str) -> frozenset[int]:
    """The resellers that an object is linked to, asked once for each time it was read.

    A page asks several rights on one object. Kept where Django keeps what it prefetched, so that
    ``refresh_from_db`` forgets it.
    """
    kept: dict[str, Any] = obj.__dict__.setdefault("_prefetched_objects_cache", {})
    if _KEPT not in kept:
        found = _linked(relation, obj, _tail(path))
        kept[_KEPT] = frozenset(pk for pk in found if pk is not None)
    links: frozenset[int] = kept[_KEPT]
    return links


def _linked(relation: Any, obj: models.Model, tail: str) -> Iterable[int | None]:
    """The resellers of an object's present links; nothing is asked where ``prefetch_related`` read the links."""
    related: type[models.Model] = relation.related_model
    read = getattr(obj, "_prefetched_objects_cache", {}).get(relation.get_accessor_name())
    if read is not None and LOOKUP_SEP not in tail:
        return [getattr(link, f"{tail}_id") for link in read if not getattr(link, "gone_at", None)]
    links = related._base_manager.filter(**{relation.field.name: obj.pk})  # noqa: SLF001
    names = {f.name for f in related._meta.get_fields()}  # noqa: SLF001
    links = links.filter(gone_at=None) if "gone_at" in names else links
    return links.values_list(tail, flat=True)
