"""A pasted external id opens the object that it names."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.access.http import scope_of
from portal.lists import objects, queries
from portal.lists.models.external import ExternalKind
from portal.ui.search import Hit, Source


def _find(request: HttpRequest, text: str, limit: int) -> list[Hit]:
    return [
        Hit(
            label=row.value,
            url=objects.get(row.object_type).url(row.object_id),
            detail=f"{row.system} · {ExternalKind(row.kind).label}",
            exact=True,
        )
        for row in queries.named(scope_of(request), text, limit)
        if row.object_id is not None
    ]


SOURCE = Source("external-ids", _("External IDs"), _find, icon="link", order=80)
