"""A column for lists whose rows are read customer by customer: when the row's customer was last read."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from portal.mirror.freshness import CURRENT
from portal.mirror.models import Freshness
from portal.ui import tables


class ReadColumn(tables.AgeColumn):
    """How long ago the list of a family that holds the row was read whole, for the row's customer."""

    def __init__(self, family: str, **options: Any) -> None:
        super().__init__(_("Read"), accessor="read_at", **options)
        self.family = family

    def annotation(self) -> Combinable:
        """One look into an index a row."""
        rows = Freshness.objects.filter(
            connection=OuterRef("connection"), family=self.family, parent=OuterRef("customer_pc_id")
        )
        return Subquery(rows.annotate(current=CURRENT).values("current"))
