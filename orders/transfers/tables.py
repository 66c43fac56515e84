"""Columns and filters of the list of transfers, over all customers and of one."""

from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from orders.transfers.models import Transfer
from portal.ui import filters, tables

STATUSES = [
    ("pending", _("Pending")),
    ("inprogress", _("In progress")),
    ("complete", _("Completed")),
    ("rejected", _("Rejected")),
    ("cancelled", _("Cancelled")),
]
SIDES = [("true", _("Leaving us")), ("false", _("Coming to us"))]


class TransferTable(tables.Table):
    caption = _("Transfers")
    default_sort = "-created"
    empty = tables.Empty(
        _("No transfer here"),
        _("Transfers are read customer by customer, the oldest reading first."),
        icon="package-export",
    )

    name = tables.NameColumn(_("Other partner"), accessor="pk", detail="pc_id")
    customer = tables.Column(_("Customer"), accessor="customer__name", priority=2)
    side = tables.Column(_("Direction"), accessor="is_source")
    status = tables.StatusColumn(_("Status"))
    created = tables.DateColumn(_("Asked for"), accessor="created_at", sort="created_at")
    completed = tables.DateColumn(_("Completed"), accessor="completed_at", priority=2)

    def render_name(self, record: Transfer) -> SafeString:
        return format_html(
            '<a class="name" href="{}">{}</a><small class="mono">{}</small>',
            record.get_absolute_url(),
            record,
            record.other_pc_id,
        )

    def value_name(self, record: Transfer) -> str:
        return str(record)

    def render_side(self, record: Transfer) -> str:
        return str(dict(SIDES)["true" if record.is_source else "false"])

    def value_side(self, record: Transfer) -> str:
        return self.render_side(record)


class CustomerTransferTable(TransferTable):
    """The same where the page names the customer."""

    class Meta:
        exclude = ("customer",)


class TransferFilters(filters.FilterSet):
    q = filters.TextFilter(
        label=_("Filter transfers"), placeholder=_("Partner or customer"), method="find"
    )
    status = filters.ChoiceFilter(label=_("Status"), empty_label=_("Any status"), choices=STATUSES)
    side = filters.ChoiceFilter(
        label=_("Direction"),
        field_name="is_source",
        empty_label=_("Both directions"),
        choices=SIDES,
        method="to_side",
    )

    def find(self, queryset: QuerySet[Transfer], name: str, value: str) -> QuerySet[Transfer]:
        of_partner = Q(other_name__icontains=value) | Q(other_pc_id=value.strip().lower())
        return queryset.filter(of_partner | Q(customer__name__icontains=value))

    def to_side(self, queryset: QuerySet[Transfer], name: str, value: str) -> QuerySet[Transfer]:
        return queryset.filter(is_source=value == "true")
