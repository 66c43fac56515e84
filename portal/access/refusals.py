"""How the API says no: one shape for every refusal, whoever raises it.

``code`` is for machines, ``message`` for people in their language, ``fields`` holds the messages of single
values by name. The middleware undoes what a refused request did.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.status import HTTP_409_CONFLICT, HTTP_502_BAD_GATEWAY
from rest_framework.views import exception_handler

from portal.access.refusing import RefusedError
from portal.ui import upstream


class RefusalSerializer(serializers.Serializer[dict[str, Any]]):
    """The one shape of every refusal."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(  # type: ignore[assignment] # a field of the answer, by this name
        child=serializers.ListField(child=serializers.CharField())
    )


class UpstreamRefusalSerializer(RefusalSerializer):
    """Partner Center was asked and told nothing: ``said`` is its own wording, ``message`` ours."""

    said = serializers.CharField()
    correlation_id = serializers.CharField()


def refusal(
    code: str, message: str, status: int, fields: dict[str, list[str]] | None = None
) -> Response:
    """A refusal that a view makes by itself."""
    answer = Response({"code": code, "message": message, "fields": fields or {}}, status=status)
    answer.exception = True
    return answer


def upstream_refusal(error: Mapping[str, Any]) -> Response:
    """502: what Partner Center said when it was asked, our words first."""
    told = upstream.refused(error)
    answer = refusal(str(error.get("code") or ""), told.text, HTTP_502_BAD_GATEWAY)
    answer.data |= {"said": told.said, "correlation_id": told.correlation_id}
    return answer


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Put what a rule or DRF refuses into the shape; None (a fault) is the middleware's."""
    if isinstance(error, RefusedError):
        fields = {error.field: [str(error)]} if error.field else {}
        return refusal(error.code, str(error), HTTP_409_CONFLICT, fields)
    answer = exception_handler(error, context)
    if answer is None:
        return None
    answer.data = _told(error, answer)
    return answer


def _told(error: Exception, answer: Response) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        told = dict(_messages("", fields))
        return {"code": "invalid", "message": _("Some values cannot be used."), "fields": told}
    detail = answer.data.get("detail") if isinstance(answer.data, dict) else None
    code = getattr(detail, "code", None) or "refused"
    return {"code": code, "message": str(detail or ""), "fields": {}}


def _messages(name: str, found: Any) -> Iterator[tuple[str, list[str]]]:
    """The messages of each value; one inside others is named by its way there, as rows.0.id."""
    if isinstance(found, Mapping):
        for key, inner in found.items():
            yield from _messages(f"{name}.{key}".strip("."), inner)
    elif isinstance(found, list | tuple):
        plain = [str(one) for one in found if not isinstance(one, Mapping | list)]
        if plain:
            yield name, plain
        for place, one in enumerate(found):
            if isinstance(one, Mapping | list):
                yield from _messages(f"{name}.{place}".strip("."), one)
    else:
        yield name, [str(found)]
