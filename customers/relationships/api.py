"""Ending a relationship and deleting a customer of a sandbox, over the API."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from customers.asking.api import ANSWERS, KEY, AskingView, ReasonSerializer
from customers.asking.pages import Asking
from customers.relationships import actions, views


class EndView(AskingView):
    right = actions.RIGHT
    asking: ClassVar[Asking] = views.END

    @extend_schema(
        summary="End the relationship with a customer",
        request=ReasonSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Refused while a subscription is active."""
        return super().post(request, pk)


class DeleteView(AskingView):
    right = actions.RIGHT
    asking: ClassVar[Asking] = views.DELETE

    @extend_schema(
        summary="Delete a customer of an integration sandbox",
        request=ReasonSerializer,
        responses=ANSWERS,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Refused on every other connection."""
        return super().post(request, pk)
