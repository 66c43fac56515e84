"""One list for everyone: filters, order, pages, counts, all in the address."""

import pytest

from portal.access.models import User
from portal.ui import listing, tables
from portal.ui.listing import Listing
from tests.ui import lists
from tests.ui.conftest import NOON, Page


def _text(response) -> str:
    return str(response.content.decode())


def test_the_page_has_the_table_the_bar_and_the_frame(people, answer):
    html = _text(answer())
    page = Page(html)
    assert len(page.all("th", scope="row")) == 50
    assert "1–50 of 120" in html
    assert page.all("th", **{"aria-sort": "ascending"})
    assert page.all("input", name="q", type="search")
    assert [attrs["href"] for attrs in page.all("a") if "export=" in attrs.get("href", "")] == [
        "/people/?export=csv&columns=visible",
        "/people/?export=xlsx&columns=visible",
        "/people/?export=csv",
        "/people/?export=xlsx",
    ]
    assert "<caption" in html
    assert page.all("nav", id="nav")


def test_the_whole_list_costs_one_query_whatever_its_size(
    answer, people, django_assert_num_queries
):
    with django_assert_num_queries(1):
        answer()
    User.objects.bulk_create(User(email=f"q{n}@x.example") for n in range(300))
    with django_assert_num_queries(1):
        answer("/people/?q=example&size=100&sort=-email")


def test_htmx_gets_the_rows_alone_and_a_clean_address(people, answer):
    response = answer("/people/?q=p00&theme=&sort=-email", HX_Request="true")
    html = _text(response)
    assert "<html" not in html
    assert html.count('scope="row"') == 10
    assert response["HX-Push-Url"] == "/people/?q=p00&sort=-email"
    assert "HX-Request" in response["Vary"]
    assert "/people/?q=p00&amp;sort=-email&amp;export=csv" in html
    assert Page(html).all("input", name="sort")[0]["value"] == "-email"


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_and_restored_requests_get_the_whole_page(people, answer, header):
    response = answer("/people/", **{"HX-Request": "true", header: "true"})
    assert "<html" in _text(response)
    assert header in response["Vary"]


def test_next_and_previous_keep_filter_and_order(people, answer):
    first = Page(_text(answer("/people/?theme=dark&sort=-email&size=25")))
    following = first.all("a", id="list-next")[0]["href"]
    assert "theme=dark" in following
    assert "sort=-email" in following
    second = _text(answer(following))
    assert "26–50 of 60" in second
    back = Page(second).all("a", id="list-previous")[0]["href"]
    assert "1–25 of 60" in _text(answer(back))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("after=forged", "no longer works"),
        ("sort=password", "cannot be sorted by “password”"),
        ("sort=-", "cannot be sorted"),
        ("size=9999", "25, 50 or 100 rows"),
    ],
)
def test_a_bad_address_is_answered_with_the_first_page_and_a_word(people, answer, query, said):
    response = answer(f"/people/?{query}")
    assert response.status_code == 200
    assert said in _text(response)
    assert "1–50 of 120" in _text(response)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("theme=purple", "Theme"),
        ("since=yesterday", "Since"),
        ("q=%00", "Filter people"),
        ("language=x", "Language"),
    ],
)
def test_a_bad_filter_shows_no_rows_and_says_why(people, answer, query, field):
    html = _text(answer(f"/people/?{query}"))
    assert f"{field}:" in html
    assert "could not be applied" in html
    assert 'scope="row"' not in html


def test_a_bad_filter_exports_nothing(people, answer):
    response = answer("/people/?theme=purple&export=csv")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/html")


def test_chips_name_the_filters_and_lead_to_the_list_without_them(people, answer):
    html = _text(answer("/people/?q=p0&theme=dark&since=2020-01-02&sort=-email"))
    page = Page(html)
    away = {
        attrs["aria-label"]: attrs["href"]
        for attrs in page.all("a")
        if "Remove" in (attrs.get("aria-label") or "")
    }
    assert away == {
        "Remove filter p0": "/people/?theme=dark&since=2020-01-02&sort=-email",
        "Remove filter Dark": "/people/?q=p0&since=2020-01-02&sort=-email",
        "Remove filter 2 Jan 2020": "/people/?q=p0&theme=dark&sort=-email",
    }
    assert 'href="/people/?sort=-email">Clear all' in html


def test_choices_may_depend_on_who_asks(people, answer):
    assert '<option value="GET">It</option>' in _text(answer())


def test_counts_are_exact_up_to_the_cap_and_open_above(people, ask, monkeypatch):
    monkeypatch.setattr(listing, "COUNTED", 100)
    part = lists.PEOPLE.part(ask(), User.objects.all())
    assert part.total_text == "100+"
    assert part.range_text == "1–50 of 100+"
    few = lists.PEOPLE.part(ask("/people/?q=p00"), User.objects.all())
    assert few.total_text == "10"


def test_an_empty_list_says_what_to_do(db, answer):
    html = _text(answer())
    assert "Nobody here" in html
    assert "Add somebody." in html


def test_a_filter_that_hides_everything_offers_to_clear_it(people, answer):
    html = _text(answer("/people/?q=zzz"))
    assert "Nothing matches this filter" in html
    assert "Nobody here" not in html


def test_a_page_whose_rows_went_away_leads_to_the_first(people, answer):
    following = Page(_text(answer("/people/?size=100"))).all("a", id="list-next")[0]["href"]
    User.objects.filter(email__gte="p100").delete()
    html = _text(answer(following))
    assert "No rows on this page any more" in html
    assert 'href="/people/?size=100"' in html


def test_rows_without_a_value_come_last_both_ways(people, ask):
    for sort in ("last", "-last"):
        part = lists.PEOPLE.part(ask(f"/people/?sort={sort}&size=100"), User.objects.all())
        values = [row.last_login is None for row in part.page.rows]
        assert values == sorted(values)
        assert True in values


def test_what_people_typed_is_inert(people, answer):
    User.objects.create(email="evil@x.example", name='<img src=x onerror="alert(1)">')
    html = _text(answer("/people/?q=evil%22%3E%3Cscript%3E"))
    assert "<script>" not in html
    html = _text(answer("/people/?q=evil"))
    assert "<img" not in html
    assert "&lt;img" in html


def test_a_misspelt_accessor_is_loud(people, ask):
    class Wrong(tables.Table):
        default_sort = ""
        nmae = tables.Column("Name")

    with pytest.raises(AttributeError):
        Listing(table=Wrong, title="Wrong").respond(ask(), User.objects.all())


def test_a_row_of_the_page_shows_status_words_second_lines_and_times(people, answer):
    User.objects.filter(pk=people[0].pk).update(last_login=NOON, theme="beingMoved")
    html = _text(answer("/people/?q=p000"))
    assert "24 Nov 2026 13:00<small>12:00 UTC</small>" in html
    assert '<span class="st is-off">beingMoved</span>' in html
    assert "<small>Person 0</small>" in html
