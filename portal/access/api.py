"""The base of the API's views: scope, declared rights, keyset paging."""

from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError as UnusableValue
from django.db import models
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from portal.access import asked
from portal.access.permissions import scope_of
from portal.access.scope import Scope

M = TypeVar("M", bound=models.Model)


PAGING = ("after", "size")


class KeysetPagination(CursorPagination):
    """Pages by position, never by offset; ``next`` and ``previous`` are whole addresses.

    A cursor or a size that cannot be used is refused like every other value.
    """

    page_size = 50
    max_page_size = 200
    cursor_query_param, page_size_query_param = PAGING

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        """Read a page; a place that was made up cannot be compared with the rows."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, ValueError, UnusableValue):
            told = _("This is no place in the list. Use the address in next or previous.")
            raise ValidationError({"after": [told]}) from None

    def get_page_size(self, request: Request) -> int:
        """Read how many rows a page has."""
        text = request.query_params.get("size", "")
        if not text:
            return self.page_size
        digits = text.isascii() and text.isdecimal() and len(text) < 5
        if not (digits and 0 < int(text) <= self.max_page_size):
            told = _("A whole number from 1 to %(most)s.") % {"most": self.max_page_size}
            raise ValidationError({"size": [told]})
        return int(text)

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
        """Refuse what nobody may ask with: a parameter unknown here, a value that is none of its own."""
        super().initial(request, *args, **kwargs)
        if request.method == "GET" and self.action:  # none where GET is not allowed
            paging = () if self.action == "retrieve" else (*PAGING,)
            asked.check(self, self.action, paging)

    @property
    def scope(self) -> Scope:
        """What the caller sees; nothing while the schema is being drawn up."""
        if getattr(self, "swagger_fake_view", False):
            return Scope.nobody()
        return scope_of(self.request)
