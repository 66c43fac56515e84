"""The change under way, beside the name of a row in the tables of domains.

It is read within the query of the page, for its rows alone; files go without. Row policies keep the
subquery inside the reader's scope.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import JSONField, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.outbox import queries
from portal.outbox.models import Command
from portal.outbox.states import OPEN
from portal.ui import statuses, tables

CHANGE = "row_change"
Found = Callable[[], QuerySet[Command]]


class TargetColumn(tables.NameColumn):
    """A name with what is under way for its record. ``changes`` gives the Commands of ``OuterRef``."""

    def __init__(self, label: tables.Text, *, changes: Found, **options: Any) -> None:
        super().__init__(label, **options)
        self.changes = changes

    def beside(self) -> dict[str, Combinable]:
        """The newest of the changes: its id and its state."""
        newest = self.changes().order_by("-pk").values(row=JSONObject(id="pk", state="state"))[:1]
        return {CHANGE: Subquery(newest, output_field=JSONField())}

    def aside(self, record: Any) -> SafeString | str:
        """A badge that leads to the change."""
        found = getattr(record, CHANGE, None)
        return _badge(found["id"], found["state"]) if found else ""


def of_target(target_type: str) -> Found:
    """Changes of the record itself: open, failed, or settled a moment ago."""
    return lambda: Command.objects.filter(
        queries.shown(), target_type=target_type, target_id=OuterRef("pk")
    )


def of_customer() -> QuerySet[Command]:
    """Open changes of a customer and of all that is its own."""
    return Command.objects.filter(
        state__in=OPEN, connection=OuterRef("connection"), customer_pc_id=OuterRef("pc_id")
    )


def _badge(pk: int, state: str) -> SafeString:
    found = statuses.status(state, "change")
    word = _("Change under way") if state in queries.UNDER_WAY else found.word
    shape = ' <a class="badge {}" href="{}">{}</a>'
    return format_html(shape, found.css, reverse("change", args=[pk]), word)
