"""What a list of the API may be asked with: the parameters that its description names, and no others.

A misspelt filter that is ignored answers with every row, and a script takes that for the truth.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.viewsets import GenericViewSet

Values = tuple[str, ...]
_known: dict[tuple[type, str], dict[str, Values]] = {}


def check(view: GenericViewSet[Any], action: str, paging: tuple[str, ...]) -> None:
    """Raise ValidationError for a parameter or a value that the description of the action does not name.

    A value is checked where the description lists the values; an empty one stands for no filter.
    """
    allowed = _declared(view, action) | dict.fromkeys(paging, ())
    fields: dict[str, Any] = {
        name: problem
        for name, values in view.request.query_params.lists()
        if (problem := _problem(name, values, allowed))
    }
    if fields:
        raise ValidationError(fields)


def _problem(name: str, values: list[str], allowed: Mapping[str, Values]) -> list[str]:
    if any("\x00" in value for value in (name, *values)):
        return [_("Null characters are not allowed.")]
    if name not in allowed:
        if not allowed:
            return [_("Unknown parameter. There is none here.")]
        return [_("Unknown parameter. Known: %(names)s.") % {"names": ", ".join(sorted(allowed))}]
    known = allowed[name]
    if known and any(value and value not in known for value in values):
        return [_("One of: %(values)s.") % {"values": ", ".join(known)}]
    return []


def _declared(view: GenericViewSet[Any], action: str) -> dict[str, Values]:
    """The query parameters of an action by name, with their values where they are listed."""
    key = (type(view), action)
    if key not in _known:
        _known[key] = dict(_parameters(view, action))
    return _known[key]


def _parameters(view: GenericViewSet[Any], action: str) -> Iterator[tuple[str, Values]]:
    described = getattr(getattr(view, action, None), "kwargs", {}).get("schema")
    if described is None:
        return
    schema = described()
    schema.view = view
    for one in schema.get_override_parameters():
        if isinstance(one, OpenApiParameter):
            if one.location == OpenApiParameter.QUERY:
                yield one.name, tuple(str(value) for value in one.enum or ())
            continue
        for name, field in one().fields.items():
            yield name, _choices(field)


def _choices(field: serializers.Field[Any, Any, Any, Any]) -> Values:
    if isinstance(field, serializers.ChoiceField):
        return tuple(str(value) for value in field.choices)
    return ()
