"""The verbs of users over the API. Each answers 202 with the change, which is asked about at ``Location``."""

from abc import abstractmethod
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers.asking.api import ANSWERS, KEY, LONGEST_KEY, AskingView, ReasonSerializer
from customers.asking.pages import Asking
from customers.asking.submitting import Asked, RefusedError
from customers.models import CustomerUser, DirectoryRole
from customers.users import actions, asking, queries, rules
from customers.users.forms import LONG, SHORT, USER_NAME
from portal.access.permissions import scope_of
from portal.access.refusals import refusal
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.api import ChangeSerializer
from portal.outbox.commands import KeyReusedError
from portal.outbox.models import Command


class UserFieldsSerializer(ReasonSerializer):
    """The fields to change; what is left out stays. ``usage_location`` is a country of two letters."""

    display_name = serializers.CharField(required=False, max_length=LONG)
    first_name = serializers.CharField(required=False, allow_blank=True, max_length=SHORT)
    last_name = serializers.CharField(required=False, allow_blank=True, max_length=SHORT)
    user_principal_name = serializers.CharField(required=False, max_length=USER_NAME)
    usage_location = serializers.CharField(required=False, allow_blank=True, max_length=2)


class PasswordSerializer(ReasonSerializer):
    """Without ``password`` one is made; it is read once at the change's ``secrets``."""

    password = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=rules.LONGEST,
        trim_whitespace=False,
        write_only=True,
    )
    must_change = serializers.BooleanField(default=True)


class NewUserSerializer(PasswordSerializer, UserFieldsSerializer):
    """A new user."""

    display_name = serializers.CharField(max_length=LONG)
    user_principal_name = serializers.CharField(max_length=USER_NAME)


class RoleOfUserSerializer(ReasonSerializer):
    """A role by its id in Partner Center."""

    role = serializers.CharField(max_length=64)


class CreateUserView(AskingView):
    right = actions.RIGHT
    asking: ClassVar[Asking] = asking.NEW_USER
    serializer_class = NewUserSerializer

    @extend_schema(
        summary="Create a user of a customer",
        request=NewUserSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Holds no licence at first."""
        return super().post(request, pk)


class UserVerbView(APIView):
    """A verb of one user."""

    effect = "write"
    right: str = actions.RIGHT
    serializer_class: type[ReasonSerializer] = ReasonSerializer

    @abstractmethod
    def ask(
        self, by: tuple[Actor, Scope], user: CustomerUser, asked: Asked, **told: Any
    ) -> Command:
        """Submit the verb."""

    def post(self, request: Request, pk: int) -> Response:
        """Validate, submit, answer 202; every refusal in the one error shape."""
        key = request.headers.get("Idempotency-Key", "").strip()
        if len(key) > LONGEST_KEY:
            return refusal("key_too_long", _("The key has at most 255 characters."), 400)
        scope = scope_of(request)
        user = queries.user(scope, pk)
        told = self.serializer_class(data=request.data)
        told.is_valid(raise_exception=True)
        values = dict(told.validated_data)
        asked = Asked(values.pop("reason"), key)
        try:
            command = self.ask((Actor.from_request(request), scope), user, asked, **values)
        except RefusedError as error:
            fields = {error.field: [str(error)]} if error.field else {}
            return refusal(error.code, str(error), status.HTTP_409_CONFLICT, fields)
        except KeyReusedError as error:
            return refusal("key_reused", str(error), status.HTTP_409_CONFLICT)
        answer = Response(ChangeSerializer(command).data, status=status.HTTP_202_ACCEPTED)
        answer["Location"] = reverse("api-change-detail", args=[command.pk])
        return answer


class UpdateUserView(UserVerbView):
    serializer_class = UserFieldsSerializer

    @extend_schema(
        summary="Change a customer's user",
        request=UserFieldsSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Names, user name, usage location."""
        return super().post(request, pk)

    def ask(
        self, by: tuple[Actor, Scope], user: CustomerUser, asked: Asked, **told: Any
    ) -> Command:
        """With the fields."""
        return actions.update(*by, user, told, asked)


class DeleteUserView(UserVerbView):
    @extend_schema(
        summary="Delete a customer's user",
        request=ReasonSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """It can be restored for 30 days."""
        return super().post(request, pk)

    def ask(
        self, by: tuple[Actor, Scope], user: CustomerUser, asked: Asked, **_told: Any
    ) -> Command:
        """Without a value."""
        return actions.delete(*by, user, asked)


class RestoreUserView(UserVerbView):
    @extend_schema(
        summary="Restore a customer's deleted user",
        request=ReasonSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Within 30 days."""
        return super().post(request, pk)

    def ask(
        self, by: tuple[Actor, Scope], user: CustomerUser, asked: Asked, **_told: Any
    ) -> Command:
        """Without a value."""
        return actions.restore(*by, user, asked)


class ResetPasswordView(UserVerbView):
    serializer_class = PasswordSerializer

    @extend_schema(
        summary="Reset the password of a customer's user",
        request=PasswordSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """The present one stops working."""
        return super().post(request, pk)

    def ask(
        self, by: tuple[Actor, Scope], user: CustomerUser, asked: Asked, **told: Any
    ) -> Command:
        """With the password, if one was sent."""
        password = actions.Password(told["password"], told["must_change"])
        return actions.reset_password(*by, user, password, asked)


class AddRoleView(UserVerbView):
    serializer_class = RoleOfUserSerializer

    @extend_schema(
        summary="Give a customer's user a directory role",
        request=RoleOfUserSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """One of the customer's directory roles."""
        return super().post(request, pk)

    def ask(
        self, by: tuple[Actor, Scope], user: CustomerUser, asked: Asked, **told: Any
    ) -> Command:
        """With the role."""
        return actions.add_role(*by, user, _role(user, told["role"]), asked)


class RemoveRoleView(UserVerbView):
    serializer_class = RoleOfUserSerializer

    @extend_schema(
        summary="Take a directory role back",
        request=RoleOfUserSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """One that the user holds."""
        return super().post(request, pk)

    def ask(
        self, by: tuple[Actor, Scope], user: CustomerUser, asked: Asked, **told: Any
    ) -> Command:
        """With the role."""
        return actions.remove_role(*by, user, _role(user, told["role"]), asked)


def _role(user: CustomerUser, pc_id: str) -> DirectoryRole:
    found = DirectoryRole.objects.filter(
        customer=user.customer, pc_id=pc_id.lower(), gone_at=None
    ).first()
    if found is None:
        raise RefusedError("unknown_role", _("This role is not known here. Read it first."), "role")
    return found
