"""Reading mirrored rows for people: without what only a sync looks at."""

from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet

M = TypeVar("M", bound=models.Model)

# And a connection's secrets, which would be deciphered once a row.
UNREAD = frozenset(
    {
        *("list_payload", "list_digest", "detail_payload", "detail_digest"),
        *("client_secret", "refresh_token"),
    }
)


def for_people(queryset: QuerySet[M], *relations: str) -> QuerySet[M]:
    """The rows with these relations joined, all of them without payloads, digests and secrets.

    A payload is some kilobytes of JSON: parsing fifty of them costs as much as reading the page.
    """
    unread = _unread(queryset.model)
    for relation in relations:
        related: Any = queryset.model._meta.get_field(relation).related_model  # noqa: SLF001
        unread += [f"{relation}__{name}" for name in _unread(related)]
    rows = queryset.select_related(*relations) if relations else queryset
    return rows.defer(*unread)


def _unread(model: type[models.Model]) -> list[str]:
    names = {field.name for field in model._meta.concrete_fields}  # noqa: SLF001 - documented
    return sorted(names & UNREAD)
