"""The base of the API's views: scope, declared rights, keyset paging."""

from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from portal.access.permissions import scope_of
from portal.access.scope import Scope

M = TypeVar("M", bound=models.Model)


class KeysetPagination(CursorPagination):
    """Pages by position, never by offset; ``next`` and ``previous`` are whole addresses."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "size"
    cursor_query_param = "after"

    def get_ordering(
        self,
        request: Request,  # noqa: ARG002 - DRF's signature
        queryset: models.QuerySet[Any],  # noqa: ARG002
        view: Any,
    ) -> tuple[str, ...]:
        """The view's own order."""
        ordering: tuple[str, ...] = view.ordering
        return ordering


class ScopedViewSet(GenericViewSet[M]):
    """A view set whose actions declare a right each (``rights``), and an effect where it is not plain.

    ``get_queryset`` filters by ``self.scope``; ``ordering`` must end in the primary key.
    """

    rights: ClassVar[dict[str, str]] = {}
    effects: ClassVar[dict[str, str]] = {}
    ordering: ClassVar[tuple[str, ...]] = ("pk",)
    pagination_class = KeysetPagination
    lookup_value_regex = "[0-9]+"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a NUL in a filter, which Postgres takes in no text."""
        super().initial(request, *args, **kwargs)
        fields = {
            name: [_("Null characters are not allowed.")]
            for name, values in request.query_params.lists()
            if any("\x00" in value for value in values)
        }
        if fields:
            raise ValidationError(fields)

    @property
    def scope(self) -> Scope:
        """What the caller sees; nothing while the schema is being drawn up."""
        if getattr(self, "swagger_fake_view", False):
            return Scope.nobody()
        return scope_of(self.request)
