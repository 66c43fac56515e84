"""What a list of the API may be asked with: the parameters that its description names, and no others.

A misspelt filter that is ignored answers with every row, a date that is none with no row, and a script takes
that for the truth.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.views import APIView


@dataclass(frozen=True)
class Known:
    """What a parameter takes: one of ``values``, or what ``field`` reads; anything where both are empty."""

    values: tuple[str, ...] = ()
    field: serializers.Field[Any, Any, Any, Any] | None = None


ANY = Known()
# Ids are of 63 bits.
_FIELDS: dict[Any, serializers.Field[Any, Any, Any, Any]] = {
    int: serializers.IntegerField(min_value=0, max_value=2**63 - 1),
    dt.date: serializers.DateField(),
}
_known: dict[tuple[type, str], dict[str, Known]] = {}


def check(view: APIView, action: str, paging: tuple[str, ...] = ()) -> None:
    """Raise ValidationError for a parameter or a value that the description of the action does not name.

    A value is checked where the description lists the values, or says that it is a number or a day; an empty
    one stands for no filter.
    """
    allowed = _declared(view, action) | dict.fromkeys(paging, ANY)
    fields: dict[str, Any] = {
        name: problem
        for name, values in view.request.query_params.lists()
        if (problem := _problem(name, values, allowed))
    }
    if fields:
        raise ValidationError(fields)


def _problem(name: str, values: list[str], allowed: Mapping[str, Known]) -> list[str]:
    if any("\x00" in value for value in (name, *values)):
        return [_("Null characters are not allowed.")]
    if name not in allowed:
        if not allowed:
            return [_("Unknown parameter. There is none here.")]
        return [_("Unknown parameter. Known: %(names)s.") % {"names": ", ".join(sorted(allowed))}]
    known, told = allowed[name], list(filter(None, values))
    if known.values and not set(told) <= set(known.values):
        return [_("One of: %(values)s.") % {"values": ", ".join(known.values)}]
    return _unreadable(known.field, told) if known.field else []


def _unreadable(field: serializers.Field[Any, Any, Any, Any], told: list[str]) -> list[str]:
    try:
        for value in told:
            field.run_validation(value)
    except ValidationError as error:
        return [str(one) for one in error.detail]
    return []


def _declared(view: APIView, action: str) -> dict[str, Known]:
    """The query parameters of an action by name, with what each takes."""
    key = (type(view), action)
    if key not in _known:
        _known[key] = dict(_parameters(view, action))
    return _known[key]


def _parameters(view: APIView, action: str) -> Iterator[tuple[str, Known]]:
    described = getattr(getattr(view, action, None), "kwargs", {}).get("schema")
    if described is None:
        return
    schema = described()
    schema.view = view
    for one in schema.get_override_parameters():
        if isinstance(one, OpenApiParameter):
            if one.location == OpenApiParameter.QUERY:
                values = tuple(str(value) for value in one.enum or ())
                yield one.name, Known(values, _FIELDS.get(one.type))
            continue
        for name, field in one().fields.items():
            yield name, _choices(field)


def _choices(field: serializers.Field[Any, Any, Any, Any]) -> Known:
    """The view reads the others by itself."""
    if isinstance(field, serializers.ChoiceField):
        return Known(tuple(str(value) for value in field.choices))
    return ANY
