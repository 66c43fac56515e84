"""Requests without middleware: what a page of the interface needs and nothing of the rooms above."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpRequest, HttpResponseBase
from django.test import RequestFactory
from django.test.html import Element, parse_html
from django.urls import resolve
from django.utils import timezone, translation

from portal.access.models import User
from portal.ui import shell
from tests.ui import lists

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def bare_shell(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    """No room has filled its slot; addresses come from tests.ui.lists."""
    monkeypatch.setattr(shell, "slots", shell._Slots())
    settings.ROOT_URLCONF = "tests.ui.lists"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"), timezone.override("Europe/Paris"):
        yield


@pytest.fixture
def ask() -> Callable[..., HttpRequest]:
    def make(address: str = "/people/", **headers: str) -> HttpRequest:
        request = RequestFactory().get(address, headers=headers)
        request.resolver_match = resolve(request.path)
        request.user = User(email="camille.renaud@litware.example", name="Camille Renaud")
        return request

    return make


@pytest.fixture
def answer(ask) -> Callable[..., HttpResponseBase]:
    def get(address: str = "/people/", **headers: str) -> HttpResponseBase:
        return lists.people(ask(address, **headers))

    return get


@pytest.fixture
def people(db) -> list[User]:
    """120 people, every third of whom never signed in."""
    return User.objects.bulk_create(
        User(
            email=f"p{number:03}@x.example",
            name=f"Person {number % 7}",
            theme="dark" if number % 2 else "light",
            last_login=NOON - timedelta(hours=number // 5) if number % 3 else None,
        )
        for number in range(120)
    )


class Page:
    """What a test reads from a page: its elements with their attributes. Broken HTML raises."""

    def __init__(self, html: str) -> None:
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._walk(parse_html(html))

    def _walk(self, element: Element) -> None:
        attrs = {name: value or "" for name, value in element.attributes}
        self.tags.append((element.name or "", attrs))
        for child in element.children:
            if isinstance(child, Element):
                self._walk(child)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [
            attrs
            for name, attrs in self.tags
            if name == tag and all(attrs.get(key) == value for key, value in wanted.items())
        ]
