"""The verbs of a subscription over the API. Each answers 202 with the change, which is asked about at ``Location``."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers.asking.api import ReasonSerializer
from orders import actions, queries, rules
from orders.actions import Asked
from orders.models import Subscription
from orders.quantities import MOST, Quantity, parse
from orders.term_end import TermEnd
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, refusal
from portal.activity.actors import Actor
from portal.outbox import queries as changes
from portal.outbox.api import ChangeSerializer
from portal.outbox.commands import KeyReusedError
from portal.outbox.models import Command
from portal.outbox.states import State

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeat it with a repeated request: the same key makes one change",
)
OVER = (State.CANCELLED, State.WITHHELD)
ANSWERS = {
    202: ChangeSerializer,
    400: RefusalSerializer,
    403: RefusalSerializer,
    404: RefusalSerializer,
    409: RefusalSerializer,
}


class VerbSerializer(ReasonSerializer):
    """What every verb of a subscription takes."""

    follows = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        help_text="A change that must be confirmed before this one goes out",
    )


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 1},
            {"type": "string", "pattern": "^[+-]?[0-9]{1,9}$", "example": "+5"},
        ]
    }
)
class NumberField(serializers.Field[Quantity, Any, Any, Any]):
    """A total (12 or "12") or a difference ("+5", "-3")."""

    def to_internal_value(self, data: Any) -> Quantity:
        """Read it; booleans and fractions are no numbers of seats."""
        text = str(data) if isinstance(data, int) and not isinstance(data, bool) else data
        found = parse(text) if isinstance(text, str) else None
        if found is None:
            raise serializers.ValidationError(
                _("Write a whole number: a total (12) or a difference (“+5”, “-3”)."),
                code="quantity",
            )
        return found if isinstance(data, str) else Quantity(int(data))

    def to_representation(self, value: Quantity) -> str:
        """As it was written."""
        return str(value)


class QuantitySerializer(VerbSerializer):
    """``seen``: the number of seats that the wish is based on; the change is refused if it is another now."""

    quantity = NumberField()
    seen = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=MOST
    )


class NameSerializer(VerbSerializer):
    """The new name."""

    name = serializers.CharField(max_length=500)


class TermEndSerializer(VerbSerializer):
    """What happens when the term ends."""

    choice = serializers.ChoiceField(choices=TermEnd.choices)


class VerbView(APIView):
    """A verb of one subscription."""

    effect = "write"
    right: str
    serializer_class: type[VerbSerializer] = VerbSerializer

    @abstractmethod
    def ask(self, row: Subscription, asked: Asked, **told: Any) -> Command:
        """Submit the verb."""

    def post(self, request: Request, pk: int) -> Response:
        """Validate, submit, answer 202; every refusal in the one error shape."""
        key = request.headers.get("Idempotency-Key", "").strip()
        if len(key) > 255:
            return refusal("key_too_long", _("The key has at most 255 characters."), 400)
        row = queries.subscription(scope_of(request), pk)
        told = self.serializer_class(data=request.data)
        told.is_valid(raise_exception=True)
        values = told.validated_data
        follows = values["follows"]
        if follows and changes.command(scope_of(request), follows).state in OVER:
            message = _("The change to wait for is over: it will never be confirmed.")
            return refusal("never_confirmed", message, status.HTTP_409_CONFLICT)
        asked = Asked(values["reason"], key, values.get("seen"), follows_id=follows)
        try:
            command = self.ask(row, asked, **values)
        except rules.RefusedError as error:
            fields = {error.field: [str(error)]} if error.field else {}
            return refusal(error.code, str(error), status.HTTP_409_CONFLICT, fields)
        except KeyReusedError as error:
            return refusal("key_reused", str(error), status.HTTP_409_CONFLICT)
        return _accepted(command)

    def by(self, act: Callable[..., Command], row: Subscription, *rest: Any) -> Command:
        """Call an action as the caller."""
        return act(Actor.from_request(self.request), scope_of(self.request), row, *rest)


class ChangeQuantityView(VerbView):
    right = actions.RIGHTS[actions.CHANGE_QUANTITY]
    serializer_class = QuantitySerializer

    @extend_schema(
        summary="Change the number of seats",
        request=QuantitySerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """A total or a difference."""
        return super().post(request, pk)

    def ask(self, row: Subscription, asked: Asked, **told: Any) -> Command:
        """With the number."""
        return self.by(actions.change_quantity, row, told["quantity"], asked)


class SuspendView(VerbView):
    right = actions.RIGHTS[actions.SUSPEND]

    @extend_schema(
        summary="Suspend a subscription",
        request=VerbSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """New commerce goes on billing."""
        return super().post(request, pk)

    def ask(self, row: Subscription, asked: Asked, **_told: Any) -> Command:
        """Without a value."""
        return self.by(actions.suspend, row, asked)


class ReactivateView(VerbView):
    right = actions.RIGHTS[actions.REACTIVATE]

    @extend_schema(
        summary="Reactivate a suspended subscription",
        request=VerbSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """People get their access back."""
        return super().post(request, pk)

    def ask(self, row: Subscription, asked: Asked, **_told: Any) -> Command:
        """Without a value."""
        return self.by(actions.reactivate, row, asked)


class RenameView(VerbView):
    right = actions.RIGHTS[actions.RENAME]
    serializer_class = NameSerializer

    @extend_schema(
        summary="Rename a subscription",
        request=NameSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Seats, term and price stay as they are."""
        return super().post(request, pk)

    def ask(self, row: Subscription, asked: Asked, **told: Any) -> Command:
        """With the name."""
        return self.by(actions.rename, row, told["name"], asked)


class TermEndView(VerbView):
    right = actions.RIGHTS[actions.SET_TERM_END]
    serializer_class = TermEndSerializer

    @extend_schema(
        summary="Choose what happens at the end of the term",
        request=TermEndSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Confirmed once a read after the write finds it so."""
        return super().post(request, pk)

    def ask(self, row: Subscription, asked: Asked, **told: Any) -> Command:
        """With the choice."""
        return self.by(actions.set_term_end, row, told["choice"], asked)


def _accepted(command: Command) -> Response:
    answer = Response(ChangeSerializer(command).data, status=status.HTTP_202_ACCEPTED)
    answer["Location"] = reverse("api-change-detail", args=[command.pk])
    return answer
