"""A verb over the API: what was sent is checked and asked for, and 202 answers with the change.

How far it is is asked about at ``Location``. Every refusal has the one error shape.
"""

import hashlib
from abc import abstractmethod
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Generic, TypeVar

from django.core.cache import cache
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.access.guard import require
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import queries
from portal.outbox.api import ChangeSerializer
from portal.outbox.commands import Asked, KeyReusedError
from portal.outbox.models import Command
from portal.outbox.states import State

By = tuple[Actor, Scope]
Told = dict[str, Any]
M = TypeVar("M", bound=Model)
V = TypeVar("V", bound="type[VerbView[Any]]")

LONGEST_KEY = 255
REMEMBERED = 24 * 3600
OVER = (State.CANCELLED, State.WITHHELD)
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeat it with a repeated request: the same key makes one change",
)
ANSWERS = {202: ChangeSerializer} | dict.fromkeys((400, 403, 404, 409), RefusalSerializer)


class ReasonSerializer(serializers.Serializer[Told]):
    """What every verb takes."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class VerbSerializer(ReasonSerializer):
    """What a verb takes that can wait for another change."""

    follows = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        help_text="A change that must be confirmed before this one goes out",
    )


def described(summary: str, description: str) -> Callable[[V], V]:
    """Tell of a verb in the API's description; what it takes is its view's ``serializer_class``."""

    def describe(view: V) -> V:
        told = extend_schema(
            summary=summary,
            description=description,
            request=view.serializer_class,
            responses=ANSWERS,
            parameters=[KEY],
        )
        return extend_schema_view(post=told)(view)

    return describe


class VerbView(APIView, Generic[M]):
    """A verb of one row: ``find`` it, then ``ask`` with what was sent.

    ``names``: what is sent here for what a rule calls otherwise, as the form of the page does.
    """

    effect = "write"
    right: str
    serializer_class: type[ReasonSerializer] = ReasonSerializer
    names: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def find(self, scope: Scope, pk: int) -> M:
        """The row; Http404 for one that the caller does not see."""

    @abstractmethod
    def ask(self, by: By, row: M, told: Told, asked: Asked) -> Command:
        """Submit the verb. Raises RefusedError, Http404, PermissionDenied."""

    def post(self, request: Request, pk: int) -> Response:
        """Check and submit."""
        key = key_of(request)
        scope = scope_of(request)
        row = self.find(scope, pk)
        sent = self.serializer_class(data=request.data)
        sent.is_valid(raise_exception=True)
        told = dict(sent.validated_data)
        follows = _to_wait_for(scope, told.pop("follows", None))
        asked = Asked(told.pop("reason"), key, follows_id=follows)
        with naming(self.names, sent.fields):
            command = self.ask((Actor.from_request(request), scope), row, told, asked)
        if key:
            _must_be_as_before(command, request.data)
        return accepted(command)


def _must_be_as_before(command: Command, data: object) -> None:
    """Raise KeyReusedError where the key has made this change of something else that was sent, within a day."""
    digest = hashlib.blake2b(repr(data).encode(), digest_size=16).hexdigest()
    if cache.get_or_set(f"outbox:sent:{command.pk}", digest, REMEMBERED) != digest:
        raise KeyReusedError


@contextmanager
def naming(names: Mapping[str, str], sent: Container[str]) -> Iterator[None]:
    """Let a refusal name the field that was sent, or none."""
    try:
        yield
    except RefusedError as error:
        field = names.get(error.field, error.field)
        error.field = field if field in sent else ""
        raise


class RowVerbView(VerbView[M]):
    """A verb that its page asks as well: ``read`` finds the row, ``act`` takes what was sent and submits."""

    serializer_class = VerbSerializer
    read: ClassVar["staticmethod[[Scope, int], Any]"]
    act: ClassVar["staticmethod[[Actor, Scope, Any, Told, Asked], Command]"]

    def find(self, scope: Scope, pk: int) -> M:
        """As its page finds it, with the right for it."""
        row: M = type(self).read(scope, pk)
        require(scope, self.right, row)
        return row

    def ask(self, by: By, row: M, told: Told, asked: Asked) -> Command:
        """As the page does."""
        return type(self).act(*by, row, told, asked)


def key_of(request: Request) -> str:
    """The key under which the caller may repeat the request, "" for none."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY:
        error = APIException(_("The key has at most 255 characters."), "key_too_long")
        error.status_code = status.HTTP_400_BAD_REQUEST
        raise error
    return key


def accepted(command: Command) -> Response:
    """202, with the change and where to ask about it."""
    where = reverse("api-change-detail", args=[command.pk])
    told = ChangeSerializer(command).data
    return Response(told, status=status.HTTP_202_ACCEPTED, headers={"Location": where})


def _to_wait_for(scope: Scope, follows: int | None) -> int | None:
    if follows and queries.command(scope, follows).state in OVER:
        message = _("The change to wait for is over: it will never be confirmed.")
        raise RefusedError("never_confirmed", message)
    return follows
