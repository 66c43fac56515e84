"""Columns of external ids for the tables of domains: computed only where somebody chose them."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    F,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, NullIf, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.lists import objects
from portal.lists.models import ExternalId
from portal.lists.models.external import ExternalKind
from portal.ui import tables


class ExternalColumn(tables.Column):
    """The values that other systems have for a row: of one kind, or of all with their system.

    Row policies keep the subquery inside the reader's scope. A purchase order counts while valid.
    """

    def __init__(self, *, of: str, kind: ExternalKind | None = None) -> None:
        name = f"external_{kind.value}" if kind else "external"
        label = kind.label if kind else _("External IDs")
        super().__init__(label, accessor=name, visible=False)
        self.object_type, self.kind = of, kind
        self.plain = _joined

    def annotation(self) -> Combinable:
        """The values as an array."""
        today = timezone.localdate()
        rows = ExternalId.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=today),
            Q(valid_to=None) | Q(valid_to__gte=today),
            object_type=self.object_type,
            object_id=OuterRef("pk"),
        ).order_by("system", "kind", "value")
        if self.kind:
            return ArraySubquery(rows.filter(kind=self.kind).values("value"))
        shown = Concat(F("system"), Value(" "), F("value"), output_field=CharField())
        return ArraySubquery(rows.annotate(shown=shown).values("shown"))

    def render(self, value: Any) -> str:
        """All of them."""
        return _joined(value) or "–"


def _joined(value: list[str] | None) -> str:
    return ", ".join(value or [])


class ProductItemColumn(tables.Column):
    """The item that other systems have for a row's product: ``product`` and ``sku`` are its paths."""

    def __init__(self, *, product: str, sku: str) -> None:
        super().__init__(_("Item of the product"), accessor="product_item", visible=False)
        self.paths, self.plain = (product, sku), _joined

    def annotation(self) -> Combinable:
        """The values for the product, or for exactly this SKU of it."""
        product, sku = self.paths
        exact = Concat(OuterRef(product), Value(":"), OuterRef(sku), output_field=CharField())
        rows = ExternalId.objects.filter(
            object_type="product",
            kind=ExternalKind.ITEM,
            connection=OuterRef("connection"),
            object_pc_id__in=[Upper(OuterRef(product)), Upper(exact)],
        )
        return ArraySubquery(rows.order_by("system", "value").values("value"))

    def render(self, value: Any) -> str:
        """All of them."""
        return _joined(value) or "–"


class ObjectColumn(tables.Column):
    """What the object of an external id is called here; its Partner Center id where it has no row.

    Row policies keep the names inside the reader's scope.
    """

    def __init__(self) -> None:
        super().__init__(_("Object"), accessor="object_name")

    def annotation(self) -> Combinable:
        """One look by key for the row's kind of object."""
        named = [
            When(
                object_type=kind.slug,
                then=Subquery(kind.named().filter(pk=OuterRef("object_id")).values("label")),
            )
            for kind in objects.all_types()
            if kind.named
        ]
        found = Case(*named, output_field=TextField())
        empty = Value("", output_field=TextField())
        return Coalesce(NullIf(found, empty), "object_pc_id", output_field=TextField())
