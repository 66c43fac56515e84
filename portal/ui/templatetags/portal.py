"""Tags and filters of every template: icons, states, ages, and portal.ui.formats by name."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.ui import formats, icons, statuses, upstream
from portal.ui.age import Age
from portal.ui.pages import AGE_ID

if TYPE_CHECKING:
    from django.http import HttpRequest

register = template.Library()

for _name in [
    "number",
    "percent",
    "date_short",
    "clock",
    "local",
    "utc",
    "when",
    "recently",
    "ago",
    "left",
    "left_class",
    "days_away",
    "term",
    "language",
    "country",
    "billing",
    "yes_no",
]:
    register.filter(_name, getattr(formats, _name))


@register.filter
def count(value: int | None) -> str:
    """A whole number with thousands marks."""
    return formats.count(value)


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """An amount: ``{{ amount|money:currency }}``."""
    return formats.money(amount, currency)


@register.filter
def text_class(css: str) -> str:
    """The class that colours a text as a state: is-bad becomes t-bad; grey has none."""
    return "" if css == "is-off" else css.replace("is-", "t-", 1)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An outline icon; readers do not hear it."""
    return icons.icon(name)


@register.simple_tag
def mark(css: str, text: object) -> SafeString:
    """A shape of the status palette with a word of the caller's."""
    return format_html('<span class="st {}">{}</span>', css, text)


@register.simple_tag
def mark_badge(css: str, text: object) -> SafeString:
    """A badge with a word of the caller's; beside titles only."""
    return format_html('<span class="badge {}">{}</span>', css, text)


@register.simple_tag
def status(value: str | None, kind: str = "record") -> SafeString:
    """A state as shape and word, for tables and facts."""
    return mark(*statuses.status(value, kind))


@register.simple_tag
def badge(value: str | None, kind: str = "record") -> SafeString:
    """A state as a badge; beside titles only."""
    return mark_badge(*statuses.status(value, kind))


@register.inclusion_tag("components/upstream.html")
def upstream_error(error: Mapping[str, Any]) -> dict[str, Any]:
    """What Partner Center said to a question or a reading: our words, with its code, words and id beside."""
    return {"refused": upstream.refused(error)}


@register.inclusion_tag("components/age.html", takes_context=True)
def age_line(context: template.Context, age: Age | datetime | None) -> dict[str, Any]:
    """How old the page's data are; takes an Age or a bare moment.

    ``ended`` is set in the answer to a line that waited: then the page's content is new too.
    """
    line = age if isinstance(age, Age) else Age(age)
    request: HttpRequest | None = context.get("request")
    asked = request is not None and request.headers.get("HX-Target") == AGE_ID
    return {
        "age": line,
        "here": request.get_full_path() if request else "",
        "ended": asked and not line.reading and not line.note,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The current query string with some parameters set, or dropped where None."""
    request: HttpRequest = context["request"]
    values = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{values.urlencode()}" if values else request.path


@register.filter
def unlocalized(value: object) -> str:
    """A number as HTML attributes want it, whatever the language."""
    return str(value)


@register.inclusion_tag("components/field.html")
def field_line(field: BoundField, hint: str = "", css: str = "") -> dict[str, Any]:
    """A form field with its label, hint and error, tied together for readers."""
    widget = field.field.widget
    # Each choice is a box with a label of its own: the field is a group, with a legend.
    group = isinstance(widget, forms.RadioSelect)  # which boxes to tick are too, in Django
    check = isinstance(widget, forms.CheckboxInput)
    shape = "form-select" if isinstance(widget, forms.Select) else "form-control"
    classes = "form-check-input" if check else shape
    hint = hint or str(field.help_text)
    told = [
        f"{field.id_for_label or field.auto_id}-{kind}"
        for kind, there in (("hint", hint), ("error", field.errors))
        if there
    ]
    attrs: dict[str, str | bool] = {"class": f"{classes} is-invalid" if field.errors else classes}
    if told:
        attrs["aria-describedby"] = " ".join(told)
    return {
        "field": field,
        "hint": hint,
        "css": css,
        "check": check,
        "group": group,
        "told": " ".join(told),
        "input": field.as_widget(attrs=attrs),
    }
