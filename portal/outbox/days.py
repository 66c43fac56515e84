"""Asking for a row of the mirror as it was on a day, on pages and over the API."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response


class DayForm(forms.Form):
    """The day to look at; today unless one is asked for."""

    on = forms.DateField(
        label=_("As it was on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @classmethod
    def of(cls, request: HttpRequest) -> "DayForm":
        """The day of an address."""
        return cls(request.GET if "on" in request.GET else {"on": timezone.localdate()})

    @property
    def day(self) -> Any:
        """The day, None for what is none."""
        return self.cleaned_data["on"] if self.is_valid() else None


class DaySerializer(serializers.Serializer[dict[str, Any]]):
    """The day asked about."""

    on = serializers.DateField()


class StateSerializer(serializers.Serializer[dict[str, Any]]):
    """The state at the end of the day; null where it was not known here yet."""

    on = serializers.DateField()
    state = serializers.DictField(child=serializers.CharField(), allow_null=True)


def answer(
    request: Request, state_on: Callable[[dt.date], list[tuple[str, str]] | None]
) -> Response:
    """The state on the day that is asked about: words and not codes, as the page has them."""
    asked = DaySerializer(data=request.query_params)
    asked.is_valid(raise_exception=True)
    day = asked.validated_data["on"]
    found = state_on(day)
    told = {"on": day, "state": None if found is None else dict(found)}
    return Response(StateSerializer(told).data)
