"""The list of external ids."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.lists import objects
from portal.lists.columns import ObjectColumn
from portal.lists.models import ExternalId
from portal.lists.models.external import ExternalKind
from portal.ui import tables


class ExternalIdTable(tables.Table):
    caption = _("External IDs")
    default_sort = "value"
    empty = tables.Empty(
        _("No external ID yet"),
        _("Note on a customer, a subscription or a connection what your ERP or PSA calls it."),
        icon="link",
    )

    value = tables.NameColumn(_("Value"), sort="value")
    system = tables.Column(_("System"), sort="system", priority=2)
    kind = tables.WordColumn(_("Kind"), words=lambda value: ExternalKind(value).label)
    object = ObjectColumn()
    reseller = tables.Column(_("Indirect reseller"), accessor="reseller__name", priority=2)
    valid_from = tables.DateColumn(_("Valid from"), priority=3)
    valid_to = tables.DateColumn(_("Valid to"), priority=2)
    object_type = tables.WordColumn(
        _("Object type"), words=lambda value: objects.get(value).label, visible=False
    )
    object_pc_id = tables.Column(_("Partner Center ID"), visible=False)
    connection = tables.Column(_("Connection"), accessor="connection__name", visible=False)

    def render_object(self, record: ExternalId, value: str) -> SafeString | str:
        kind = objects.get(record.object_type)
        if record.object_id is None:
            return format_html("{}<small>{}</small>", value, kind.label)
        return format_html(
            '<a href="{}">{}</a><small>{}</small>', kind.url(record.object_id), value, kind.label
        )
