"""The tags of a customer as a column of the customers list."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from customers.models import Tag
from portal.ui import tables


class TagsColumn(tables.Column):
    """Computed only where somebody chose it. Row policies keep the subquery inside the reader's scope."""

    def __init__(self) -> None:
        super().__init__(_("Tags"), accessor="tag_names", visible=False)
        self.plain = _joined

    def annotation(self) -> Combinable:
        """The names as an array."""
        rows = Tag.objects.filter(customer=OuterRef("pk")).order_by("name")
        return ArraySubquery(rows.values("name"))

    def render(self, value: Any) -> str:
        """All of them."""
        return _joined(value) or "–"


def _joined(value: list[str] | None) -> str:
    return ", ".join(value or [])
