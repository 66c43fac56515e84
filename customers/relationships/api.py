"""Inviting a customer, ending a relationship and deleting a customer of a sandbox, over the API."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers.asking.api import AskingView
from customers.asking.pages import Asking
from customers.creating.places import RIGHT as CREATE
from customers.relationships import actions, views
from customers.relationships.letters import LETTERS
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer, UpstreamRefusalSerializer, refusal, upstream
from portal.outbox.api_verbs import described


class InvitationSerializer(serializers.Serializer[dict[str, Any]]):
    """The connection, and the language of the mail."""

    connection = serializers.SlugField()
    language = serializers.ChoiceField(choices=list(LETTERS), default="en")


class LinkSerializer(serializers.Serializer[Any]):
    """``url`` is empty while Partner Center is asked (``waits``)."""

    waits = serializers.BooleanField(default=False)
    url = serializers.CharField(default="")
    subject = serializers.CharField(default="")
    body = serializers.CharField(default="")


class InvitationView(APIView):
    right = CREATE
    effect = "write"

    @extend_schema(
        summary="Get the link with which a company accepts the partner as its reseller",
        request=InvitationSerializer,
        responses={200: LinkSerializer, 404: RefusalSerializer, 502: UpstreamRefusalSerializer},
    )
    def post(self, request: Request) -> Response:
        """Repeat it while it waits."""
        told = InvitationSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        scope = scope_of(request)
        found = views.inviting(scope)
        name, language = told.validated_data["connection"], told.validated_data["language"]
        place = next((one for one in found if one.connection.name == name), None)
        if place is None:
            return refusal("not_offered", _("You may not invite customers there."), 404)
        answer = views.asked(place, language, scope.user_id)
        if error := answer.get("error"):
            return upstream(error)
        return Response(LinkSerializer({**_EMPTY, **answer}).data)


_EMPTY = {"waits": False, "url": "", "subject": "", "body": ""}


@described("End the relationship with a customer", "Refused while a subscription is active.")
class EndView(AskingView):
    right = actions.RIGHT
    asking: ClassVar[Asking] = views.END


@described("Delete a customer of an integration sandbox", "Refused on every other connection.")
class DeleteView(AskingView):
    right = actions.RIGHT
    asking: ClassVar[Asking] = views.DELETE
