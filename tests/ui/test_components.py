"""The gallery: every component once, from its public attributes."""

from datetime import timedelta

import pytest
from django import forms
from django.template import engines
from django.utils import timezone, translation
from django_cotton.compiler_regex import CottonCompiler

from portal.ui.age import Age
from tests.ui.conftest import NOON, Page


class SeatsForm(forms.Form):
    quantity = forms.IntegerField(label="Seats", help_text="1 to 300")
    sure = forms.BooleanField(label="Sure")
    days = forms.MultipleChoiceField(
        label="Days",
        help_text="At least one",
        choices=[("mo", "Monday"), ("tu", "Tuesday")],
        widget=forms.CheckboxSelectMultiple,
    )


def _render(source: str, request=None, **context) -> str:
    compiled = CottonCompiler().process("{% load i18n %}" + source)
    return engines["django"].from_string(compiled).render(context, request)


def test_a_bound_form_ties_errors_to_fields(rf):
    html = _render(
        '<c-errors :form="form" /><c-field :field="form.quantity" /><c-field :field="form.sure" hint="For good" /><c-field :field="form.days" />',
        form=SeatsForm({"quantity": "many"}),
    )
    page = Page(html)
    field = page.all("input", name="quantity")[0]
    assert field["aria-invalid"] == "true"
    told = field["aria-describedby"].split()
    assert told == ["id_quantity-hint", "id_quantity-error"]
    assert all(page.all("p", id=name) for name in told)
    assert page.all("a", href="#id_quantity")
    assert page.all("label", **{"for": "id_quantity"})
    assert "form-check-input" in page.all("input", name="sure")[0]["class"]
    group = page.all("fieldset", id="id_days")[0]
    assert group["aria-describedby"] == "id_days-hint id_days-error"
    assert page.all("a", href="#id_days"), "the summary leads to the group"
    boxes = page.all("input", name="days", type="checkbox")
    assert all(page.all("label", **{"for": box["id"]}) for box in boxes)
    assert [box.get("class", "") for box in boxes] == ["", ""], "no box looks like a text field"


def test_a_confirmation_names_what_happens_and_asks_for_the_name(ask):
    html = _render(
        '<c-confirm id="x" title="Remove?" undo="Cannot be undone." verb="Remove" action="/x/" danger type_name="Tailspin Toys">5 end</c-confirm>',
        ask(),
    )
    page = Page(html)
    assert page.all("dialog", id="x", **{"aria-labelledby": "x-title"})
    assert page.all("input", name="csrfmiddlewaretoken")
    button = page.all("button", type="submit")[0]
    assert "btn-danger" in button["class"]
    assert "disabled" in button
    assert page.all("input", **{"data-name": "Tailspin Toys"})
    harmless = Page(_render('<c-confirm id="y" title="t" verb="Go" action="/" />', ask()))
    assert "disabled" not in harmless.all("button", type="submit")[0]


def test_changes_show_both_values_and_a_dash_for_none():
    html = _render(
        '<c-changes :rows="rows" />', rows=[("Seats", 0, 120), ("Auto-renew", None, "on")]
    )
    assert "<del>0</del>" in html
    assert "<ins>120</ins>" in html
    assert html.count("–") == 1


def test_an_error_gives_code_words_and_correlation():
    html = _render(
        '<c-error title="Not placed" code="13605" correlation="1f0a">No agreement.</c-error>'
    )
    assert "Partner Center 13605" in html
    assert "1f0a" in html
    assert 'role="alert"' in html


def test_progress_has_numbers_in_any_language():
    with translation.override("fr"):
        html = _render(
            '<c-progress :value="v" :max="m" label="x">1 of 2</c-progress>', v=1234.5, m=2000
        )
    bar = Page(html).all("progress")[0]
    assert (bar["value"], bar["max"]) == ("1234.5", "2000")


def test_what_is_passed_in_is_escaped():
    evil = '"><script>x</script>'
    for source in (
        '<c-copy value="{{ evil }}" label="Copy" />',
        '<c-note title="{{ evil }}">{{ evil }}</c-note>',
        '<c-kpi label="{{ evil }}" value="{{ evil }}" />',
        '<c-empty title="{{ evil }}">{{ evil }}</c-empty>',
        '<c-toast title="{{ evil }}">x</c-toast>',
    ):
        assert "<script>" not in _render(source, evil=evil), source


@pytest.mark.parametrize(
    ("age", "css", "words"),
    [
        (None, "is-off", "Not read from Partner Center yet"),
        (timedelta(minutes=2), "is-ok", "2 min ago"),
        (timedelta(seconds=3), "is-ok", "just now"),
        (timedelta(days=3), "is-warn", "3 d ago"),
    ],
)
def test_the_age_line_says_when(age, css, words):
    moment = Age(timezone.now() - age if age is not None else None)
    html = _render("{% age_line age %}", age=moment)
    assert css in html
    assert words in html
    assert "Refresh" not in html


def test_the_age_line_refreshes_by_post(ask):
    html = _render("{% age_line age %}", ask(), age=Age(NOON, refresh_url="/r/"))
    form = Page(html).all("form")[0]
    assert (form["method"], form["action"]) == ("post", "/r/")


def test_tabs_log_menu_and_cards_render(ask):
    html = _render(
        '<c-card title="T" aside="2"><c-slot name="tools"><b>tool</b></c-slot>'
        '<c-log><c-log-item title="Seats" who="Owen" :at="at" level="is-ok">x</c-log-item></c-log></c-card>'
        '<c-menu label="More" icon="plus"><li>one</li></c-menu><c-kpis label="F"><c-kpi label="A" value="1" url="/a/" detail="d" /></c-kpis>'
        '<c-tabs :tabs="tabs" label="Pages" />',
        ask(),
        at=NOON,
        tabs=[{"title": "One", "url": "/1/", "current": True, "count": 3}],
    )
    assert "24 Nov 2026 13:00 (12:00 UTC)" in html
    assert "<b>tool</b>" in html
    assert Page(html).all("a", **{"aria-current": "page", "href": "/1/"})
    assert "<c-" not in html
