"""Mails about renewals over the API: what was written, and writing to a customer."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import Customer
from orders.models import TermLetter
from orders.renewals import queries, writing
from orders.renewals.mailing import verb, views
from orders.renewals.queries import RIGHT
from portal.access.api import ScopedViewSet
from portal.access.refusals import RefusalSerializer
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.outbox.api_verbs import By, Told, VerbSerializer, VerbView, described
from portal.outbox.commands import Asked
from portal.outbox.models import Command


class TermLetterSerializer(serializers.ModelSerializer[TermLetter]):
    """What a customer was written about a term. ``state``: queued, sending, sent or failed; "" where it is not kept."""

    connection = serializers.SlugRelatedField[Connection](slug_field="name", read_only=True)
    subscription_pc_id = serializers.CharField(source="subscription.pc_id", read_only=True)
    state = serializers.CharField(source="mail.state", default="", read_only=True)
    error = serializers.CharField(source="mail.error", default="", read_only=True)
    written_by = serializers.CharField(source="written_by.email", default="", read_only=True)

    class Meta:
        model = TermLetter
        fields = [
            "id",
            "connection",
            "subscription",
            "subscription_pc_id",
            "ends_on",
            "slug",
            "to",
            "language",
            "state",
            "error",
            "written_by",
            "written_at",
        ]
        read_only_fields = fields


@extend_schema_view(list=extend_schema(summary="List mails to customers about renewals"))
class TermLetterViewSet(mixins.ListModelMixin, ScopedViewSet[TermLetter]):
    serializer_class = TermLetterSerializer
    rights = {"list": RIGHT, "again": writing.RIGHT}
    effects = {"again": "write"}

    def get_queryset(self) -> QuerySet[TermLetter]:
        """The rows of the reader."""
        return queries.letters(self.scope)

    @extend_schema(
        summary="Send a mail again that failed",
        request=None,
        responses={200: TermLetterSerializer, 403: RefusalSerializer, 404: RefusalSerializer},
    )
    @action(detail=True, methods=["post"], url_path="send-again")
    def again(self, _request: Request, **_path: Any) -> Response:
        """A mail that has not failed stays as it is."""
        pk = self.get_object().pk
        views.try_again(self.scope, pk)
        return Response(self.get_serializer(queries.letter(self.scope, pk)).data)


class WriteSerializer(VerbSerializer):
    """Which mail; about which subscriptions, without any about all that end within 90 days."""

    slug = serializers.ChoiceField(choices=writing.SLUGS)
    subscriptions = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=writing.MOST
    )


@described("Write to a customer about its renewals", "One mail; none about a term twice.")
class WriteView(VerbView[Customer]):
    right = writing.RIGHT
    serializer_class = WriteSerializer

    def find(self, scope: Scope, pk: int) -> Customer:
        """With all that a mail can be about."""
        found = verb.targets(scope, [pk]).get(pk)
        if not isinstance(found, Customer):
            raise Http404
        return found

    def ask(self, by: By, row: Customer, told: Told, asked: Asked) -> Command:
        """With the letter."""
        chosen = told.get("subscriptions")
        if chosen is None:
            chosen = [term.pk for term in writing.of_customer(by[1], row, told["slug"])]
        return verb.ask(*by, row, {"slug": told["slug"], "subscriptions": chosen}, asked)
