"""The frame: menu, tabs, search, banners; absent rooms are absent, rights hold."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.urls import resolve

from portal.ui import menu, panels, search, shell
from portal.ui.pages import page
from tests.ui.conftest import NOON, Page


def _html(request, body: str = "") -> str:
    template = engines["django"].from_string(
        '{% extends "base.html" %}{% block main %}' + body + "{% endblock %}"
    )
    return template.render({"title": "Here"}, request)


@pytest.fixture
def rooms(monkeypatch):
    monkeypatch.setattr(menu, "_items", {})
    monkeypatch.setattr(panels, "_panels", {})
    monkeypatch.setattr(search, "_sources", {})


def test_the_menu_holds_the_rooms_that_exist_and_may_be_seen(rooms, ask):
    menu.register(menu.Item("People", "people", icon="users", order=2, badge=lambda r: 1234))
    menu.register(menu.Item("Home", "home", icon="home", section=menu.TOP))
    menu.register(menu.Item("Unbuilt", "no-such-room", icon="x"))
    menu.register(menu.Item("Secret", "preferences", icon="lock", right="secrets.view"))
    html = _html(ask("/people/7/"))
    page = Page(html)
    assert [a["href"] for a in page.all("a", **{"aria-current": "page"})] == ["/people/"]
    assert "1,234" in html
    assert "Unbuilt" not in html
    assert "Secret" not in html
    shell.set_guard(lambda request, right: right == "secrets.view")
    assert "Secret" in _html(ask("/people/7/"))


def test_a_room_in_an_unknown_section_is_refused(rooms):
    with pytest.raises(ValueError, match="section"):
        menu.register(menu.Item("X", "home", icon="x", section="attic"))


def test_the_bar_shows_person_mirror_and_banners(rooms, ask):
    shell.set_role(lambda request: "Distributor admin")
    shell.set_mirror(lambda request: shell.Mirror("is-warn", "Mirror is old", NOON))
    shell.add_banners(lambda request: [shell.Banner("Sandbox", level="is-warn", text="Not real.")])
    html = _html(ask())
    assert "Camille Renaud" in html
    assert ">CR<" in html
    assert "Distributor admin" in html
    assert '<b class="st is-warn"><span>Mirror is old' in html
    assert "Not real." in html


def test_nobody_signed_in_sees_neither_menu_nor_search(rooms, ask):
    request = ask()
    request.user = AnonymousUser()
    html = _html(request, "secret part")
    assert "secret part" not in html
    assert not Page(html).all("nav")


@pytest.mark.parametrize(
    ("theme", "first"),
    [("system", "light"), ("light", "light"), ("dark", "dark"), ("odd", "light")],
)
def test_the_theme_is_on_the_page_before_the_first_paint(rooms, ask, theme, first):
    request = ask()
    request.user.theme = theme
    root = Page(_html(request)).all("html")[0]
    assert root["data-bs-theme"] == first
    assert root["data-theme"] == (theme if theme != "odd" else "system")


def test_the_page_holds_under_a_strict_policy(rooms, ask):
    page = Page(_html(ask()))
    for tag, attrs in page.tags:
        assert "style" not in attrs, tag
        assert not [name for name in attrs if name.startswith(("on", "hx-on"))], tag
        assert tag != "style"
        assert tag != "script" or attrs.get("src")
    config = page.all("meta", name="htmx-config")[0]["content"]
    assert '"includeIndicatorStyles":false' in config
    assert '"allowEval":false' in config


def test_tabs_are_in_order_and_respect_rights(rooms, ask):
    panels.register("person", panels.Panel("more", "More", "person-more", order=2, count=len))
    panels.register("person", panels.Panel("first", "First", "person", order=1))
    panels.register("person", panels.Panel("hidden", "Hidden", "person", right="x"))
    request = ask("/people/7/more/")
    request.resolver_match = resolve("/people/7/more/")
    tabs = panels.tabs(request, "person", "abc", pk=7)
    assert [(tab.title, tab.url, tab.current, tab.count) for tab in tabs] == [
        ("First", "/people/7/", False, None),
        ("More", "/people/7/more/", True, 3),
    ]
    assert panels.tabs(request, "nothing", None) == []


def test_a_tab_may_hold_tabs_of_its_own(rooms, ask):
    panels.register("person", panels.Panel("both", "Both", within="parts", order=1))
    panels.register("person", panels.Panel("none", "None", within="empty", order=2))
    panels.register("parts", panels.Panel("here", "Here", "person", order=1))
    panels.register("parts", panels.Panel("gone", "Gone", "person", order=2, query="state=gone"))

    def told(address: str, name: str) -> list[tuple[str, str, bool]]:
        found = panels.tabs(ask(address), name, None, pk=7)
        return [(str(tab.title), tab.url, tab.current) for tab in found]

    assert told("/people/7/", "person") == [("Both", "/people/7/", True)]
    parts = [("Here", "/people/7/", True), ("Gone", "/people/7/?state=gone", False)]
    assert told("/people/7/?q=x", "parts") == parts
    assert [here for *_, here in told("/people/7/?q=x&state=gone", "parts")] == [False, True]
    assert told("/people/7/more/", "person") == [("Both", "/people/7/", False)]


def test_search_asks_the_allowed_sources_and_drops_empty_groups(rooms, ask):
    asked = []

    def find(request, text, limit):
        asked.append(text)
        return [search.Hit("Contoso", "/people/1/", exact=text == "id-1")]

    search.register(search.Source("b", "B", find, order=2))
    search.register(search.Source("a", "A", lambda *_: [], order=1))
    search.register(search.Source("c", "C", find, right="never"))
    groups = search.find(ask(), "  id-1\x00 ")
    assert [group.source.slug for group in groups] == ["b"]
    assert asked == ["id-1"]
    assert search.only_exact(groups) == groups[0].hits[0]
    assert search.only_exact(search.find(ask(), "cont")) is None
    assert search.find(ask(), "   ") == []


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500])
def test_error_pages_say_what_did_not_happen(rooms, ask, status):
    response = page(ask(), f"{status}.html", {"reference": "r-1"}, status)
    assert response.status_code == status
    html = response.content.decode()
    assert html.count("<h1>") == 1
    assert "Traceback" not in html


def test_a_csrf_failure_page_needs_no_request(rooms):
    html = engines["django"].get_template("403_csrf.html").render({})
    assert "out of date" in html
