"""Tags and notes over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import queries
from customers.models import Customer, Note
from customers.models.note import LONGEST_NOTE, LONGEST_TAG
from customers.notes import actions
from customers.notes import queries as notes
from portal.access.permissions import scope_of
from portal.access.refusals import RefusalSerializer
from portal.access.scope import Scope
from portal.activity.actors import Actor


class TagSerializer(serializers.Serializer[dict[str, Any]]):
    """One word."""

    name = serializers.CharField(max_length=LONGEST_TAG)


class NoteSerializer(serializers.Serializer[Note]):
    """A note with who wrote it and when."""

    id = serializers.IntegerField(read_only=True)
    text = serializers.CharField(max_length=LONGEST_NOTE)
    author = serializers.CharField(source="author.email", default="", read_only=True)
    written_at = serializers.DateTimeField(read_only=True)


class NotesSerializer(serializers.Serializer[dict[str, Any]]):
    """Everything that people wrote on a customer."""

    tags = serializers.ListField(child=serializers.CharField())
    notes = NoteSerializer(many=True)


class NotesView(APIView):
    right = "customers.view"
    effect = "read"

    @extend_schema(summary="Get a customer's tags and notes", responses={200: NotesSerializer})
    def get(self, request: Request, pk: int) -> Response:
        """As far as the caller may see them."""
        scope = scope_of(request)
        return Response(told(scope, queries.customer(scope, pk)))


def told(scope: Scope, customer: Customer) -> Any:
    """Tags and notes as the API tells them."""
    names = [row.name for row in notes.tags(scope, customer)]
    return NotesSerializer({"tags": names, "notes": notes.notes(scope, customer)}).data


class AddTagView(APIView):
    right = actions.RIGHT
    effect = "write"

    @extend_schema(
        summary="Tag a customer",
        request=TagSerializer,
        responses={200: NotesSerializer, 409: RefusalSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """The same word again changes nothing."""
        scope = scope_of(request)
        customer = queries.customer(scope, pk)
        sent = TagSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        actions.add_tag(Actor.from_request(request), scope, customer, sent.validated_data["name"])
        return Response(told(scope, customer))


class RemoveTagView(APIView):
    right = actions.RIGHT
    effect = "write"

    @extend_schema(
        summary="Take a tag off a customer",
        request=TagSerializer,
        responses={200: NotesSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """A tag that is not there is off."""
        scope = scope_of(request)
        customer = queries.customer(scope, pk)
        sent = TagSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        name = sent.validated_data["name"]
        for row in notes.tags(scope, customer).filter(name__iexact=name):
            actions.remove_tag(Actor.from_request(request), scope, customer, row)
        return Response(told(scope, customer))


class AddNoteView(APIView):
    right = actions.RIGHT
    effect = "write"

    @extend_schema(
        summary="Write a note on a customer",
        request=NoteSerializer,
        responses={201: NoteSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """It stays as it was written."""
        scope = scope_of(request)
        customer = queries.customer(scope, pk)
        sent = NoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        actor, text = Actor.from_request(request), sent.validated_data["text"]
        made = actions.add_note(actor, scope, customer, text)
        return Response(NoteSerializer(made).data, status=status.HTTP_201_CREATED)


class NoteIdSerializer(serializers.Serializer[dict[str, Any]]):
    """Which note."""

    id = serializers.IntegerField()


class RemoveNoteView(APIView):
    right = actions.RIGHT
    effect = "write"

    @extend_schema(
        summary="Delete one's own note on a customer",
        request=NoteIdSerializer,
        responses={200: NotesSerializer, 403: RefusalSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """A note of somebody else stays."""
        scope = scope_of(request)
        customer = queries.customer(scope, pk)
        sent = NoteIdSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        row = get_object_or_404(notes.notes(scope, customer), pk=sent.validated_data["id"])
        actions.remove_note(Actor.from_request(request), scope, customer, row)
        return Response(told(scope, customer))
