"""A new user with licences over the API."""

from dataclasses import replace
from typing import ClassVar

from rest_framework import serializers

from customers.asking.pages import Asking
from customers.licences.api import SeatsSerializer
from customers.licences.newcomers import actions
from customers.users.api_verbs import CreateUserView, NewUserSerializer
from customers.users.asking import NEW_USER
from portal.outbox.api_verbs import Told, described


class FirstLicenceSerializer(serializers.Serializer[Told]):
    """A licence for the user. ``off``: service plans to leave out. ``seats``: what is added if none is left."""

    sku = serializers.UUIDField(help_text="GUID of the product in the customer's tenant")
    off = serializers.ListField(child=serializers.UUIDField(), required=False, default=list)
    seats = SeatsSerializer(required=False, allow_null=True, default=None)


class NewcomerSerializer(NewUserSerializer):
    """A new user, and the licences that it is given once it is there."""

    licences = FirstLicenceSerializer(many=True, required=False, default=list)


@described("Create a user of a customer", "Its licences follow, each as a change of its own.")
class CreateNewcomerView(CreateUserView):
    serializer_class = NewcomerSerializer
    asking: ClassVar[Asking] = replace(NEW_USER, act=actions.create)
