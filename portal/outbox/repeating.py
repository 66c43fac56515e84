"""Making something over the API once, however often the request is repeated under its Idempotency-Key.

Verbs keep their key with the Command. What makes a row of the portal's own keeps its answer for a day: a
script whose reply was lost asks again and is told what was made.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from portal.access.refusing import RefusedError
from portal.outbox.api_verbs import key_of
from portal.outbox.commands import KeyReusedError

F = TypeVar("F", bound=Callable[..., Any])
KEPT = 24 * 3600
AT_IT = 60
"""Seconds for which an equal request is held to be under way."""


def once(act: F) -> F:
    """Give the earlier answer for a key that has made something. Refusals are not kept."""

    @wraps(act)
    def repeatable(view: Any, request: Request, *args: Any, **path: Any) -> Response:
        key = key_of(request)
        if not key:
            return act(view, request, *args, **path)  # type: ignore[no-any-return] # a view
        place = _digest(str(request.user.pk), request.path, key)
        asked = _digest(repr(request.data))
        if kept := cache.get(place):
            return _again(kept, asked)
        if not cache.add(f"{place}-at-it", 1, AT_IT):
            raise RefusedError("under_way", _("A request with this key is under way."))
        try:
            answer: Response = act(view, request, *args, **path)
        except Exception:
            cache.delete(f"{place}-at-it")
            raise
        if answer.exception:
            cache.delete(f"{place}-at-it")
            return answer
        told = (asked, answer.status_code, answer.data)
        transaction.on_commit(lambda: cache.set(place, told, KEPT))
        transaction.on_commit(lambda: cache.delete(f"{place}-at-it"))
        return answer

    return repeatable  # type: ignore[return-value] # wraps keeps the signature


def _again(kept: tuple[str, int, Any], asked: str) -> Response:
    before, status, data = kept
    if before != asked:
        raise KeyReusedError
    return Response(data, status=status)


def _digest(*parts: str) -> str:
    return "repeat-" + hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
