"""One URL, two shapes: the whole page for people, its changing part for htmx."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

# A cache that ignored these would hand a fragment to somebody who asked for the page.
VARY = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request", "HX-Target")
AGE_ID, MAIN_ID = "age", "main"
"""Parts that htmx takes out of the whole page by itself: the line of its age, and all its content."""


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a part; boosted links, restored history and what is cut out of the page do not."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
        and headers.get("HX-Target") not in {AGE_ID, MAIN_ID}
    )


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render one template, whatever asked for it."""
    return render(request, template, dict(context or {}), status=status)


def page_or_fragment(
    request: HttpRequest,
    page_template: str,
    fragment_template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render the fragment for htmx, else the page; both carry the Vary header that keeps them apart."""
    template = fragment_template if wants_fragment(request) else page_template
    response = page(request, template, context, status)
    patch_vary_headers(response, VARY)
    return response
