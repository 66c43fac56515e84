"""The verbs of users over the API. Each answers 202 with the change, which is asked about at ``Location``."""

from typing import ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers

from customers.asking.api import AskingView
from customers.asking.pages import Asking
from customers.models import CustomerUser, DirectoryRole
from customers.users import actions, asking, queries, rules
from customers.users.forms import LONG, SHORT, USER_NAME
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.outbox.api_verbs import By, ReasonSerializer, Told, VerbView, described
from portal.outbox.commands import Asked
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


@described("Create a user of a customer", "Holds no licence at first.")
class CreateUserView(AskingView):
    right = actions.RIGHT
    asking: ClassVar[Asking] = asking.NEW_USER
    serializer_class = NewUserSerializer


class UserVerbView(VerbView[CustomerUser]):
    """A verb of one user."""

    right: str = actions.RIGHT

    def find(self, scope: Scope, pk: int) -> CustomerUser:
        """As the page finds it."""
        return queries.user(scope, pk)


@described("Change a customer's user", "Names, user name, usage location.")
class UpdateUserView(UserVerbView):
    serializer_class = UserFieldsSerializer

    def ask(self, by: By, row: CustomerUser, told: Told, asked: Asked) -> Command:
        """With the fields."""
        return actions.update(*by, row, told, asked)


@described("Delete a customer's user", "It can be restored for 30 days.")
class DeleteUserView(UserVerbView):
    def ask(self, by: By, row: CustomerUser, _told: Told, asked: Asked) -> Command:
        """Without a value."""
        return actions.delete(*by, row, asked)


@described("Restore a customer's deleted user", "Within 30 days.")
class RestoreUserView(UserVerbView):
    def ask(self, by: By, row: CustomerUser, _told: Told, asked: Asked) -> Command:
        """Without a value."""
        return actions.restore(*by, row, asked)


@described("Reset the password of a customer's user", "The present one stops working.")
class ResetPasswordView(UserVerbView):
    serializer_class = PasswordSerializer

    def ask(self, by: By, row: CustomerUser, told: Told, asked: Asked) -> Command:
        """With the password, if one was sent."""
        password = actions.Password(told["password"], told["must_change"])
        return actions.reset_password(*by, row, password, asked)


@described("Give a customer's user a directory role", "One of the customer's directory roles.")
class AddRoleView(UserVerbView):
    serializer_class = RoleOfUserSerializer

    def ask(self, by: By, row: CustomerUser, told: Told, asked: Asked) -> Command:
        """With the role."""
        return actions.add_role(*by, row, _role(row, told["role"]), asked)


@described("Take a directory role back", "One that the user holds.")
class RemoveRoleView(UserVerbView):
    serializer_class = RoleOfUserSerializer

    def ask(self, by: By, row: CustomerUser, told: Told, asked: Asked) -> Command:
        """With the role."""
        return actions.remove_role(*by, row, _role(row, told["role"]), asked)


def _role(user: CustomerUser, pc_id: str) -> DirectoryRole:
    found = DirectoryRole.objects.filter(
        customer=user.customer, pc_id=pc_id.lower(), gone_at=None
    ).first()
    if found is None:
        raise RefusedError("unknown_role", _("This role is not known here. Read it first."), "role")
    return found
