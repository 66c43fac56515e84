"""The external ids of an object, on its page."""

from typing import Any

from django import template
from django.db.models import Model

from portal.lists import objects, queries

register = template.Library()


@register.inclusion_tag("lists/_external_ids.html", takes_context=True)
def external_ids(context: template.Context, kind: str, obj: Model) -> dict[str, Any]:
    """A card of what other systems call the object, with the way to change it; one query."""
    scope = context["request"].scope
    found = objects.get(kind)
    return {
        "rows": queries.external_ids_of(scope, kind, obj.pk),
        "kind": kind,
        "object_id": obj.pk,
        "may_edit": not scope.read_only and scope.can(found.right, obj),
    }
