"""Columns of the list of batches."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.outbox.models import Batch
from portal.ui import filters, tables
from portal.ui.templatetags.portal import mark


class BatchTable(tables.Table):
    caption = _("Batches")
    default_sort = "-number"
    empty = tables.Empty(
        _("No batch yet"),
        _("Select many rows of a list, or upload a file, and ask for one change of all of them."),
        icon="list-check",
    )

    change = tables.NameColumn(_("Change"), accessor="label", detail="source")
    number = tables.Column(_("Number"), accessor="pk", sort="pk", numeric=True)
    person = tables.Column(_("Person"), accessor="actor", priority=2)
    asked = tables.AgeColumn(_("Asked"), accessor="created_at", priority=2)
    state = tables.Column(_("State"))

    def render_state(self, record: Batch) -> SafeString:
        return mark(record.css, record.get_state_display())

    def value_state(self, record: Batch) -> str:
        return str(record.get_state_display())

    def value_person(self, record: Batch) -> str:
        return record.actor.email


class BatchFilters(filters.FilterSet):
    state = filters.ChoiceFilter(
        label=_("State"), empty_label=_("Any state"), choices=Batch.State.choices
    )
