"""Tabler's outline icons, inlined: read once from the installed assets, always hidden from readers."""

import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe

_SHAPES = re.compile(r"<(?:path|circle|rect|line|polyline|ellipse)\b[^>]*/>")
_NAME = re.compile(r"[a-z0-9-]+")
_BOUNDS = '<path stroke="none" d="M0 0h24v24H0z" fill="none"/>'


class UnknownIconError(LookupError):
    """The icon is not among the installed assets: add its name to static/icons.txt, run `make setup`."""


def _file(name: str) -> Path:
    found = finders.find(f"vendor/icons/{name}.svg") if _NAME.fullmatch(name) else None
    if not isinstance(found, str):
        raise UnknownIconError(name)
    return Path(found)


@cache
def icon(name: str) -> SafeString:
    """The SVG element of an icon, drawn in the colour of the text around it."""
    shapes = [s for s in _SHAPES.findall(_file(name).read_text("utf-8")) if s != _BOUNDS]
    return mark_safe(  # noqa: S308 - a file of ours, reduced to shapes
        '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
        f"{''.join(shapes)}</svg>"
    )
