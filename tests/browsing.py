"""Chromium with somebody signed in: windows that are watched for errors and used again by the next test.

A new browser context reads and compiles every script and style anew, which costs more than most pages. So a
context is kept for each way of looking (its options); between tests its pages are closed and its cookies gone.
One empty page of the server stays open in it: with the last of a site's pages Chromium ends the process that
draws them, and what it had compiled.
"""

import re
from collections import defaultdict
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

from portal.access.models import User
from tests.people import make_session

# A page that does not exist or refuses a form is meant to; Chromium calls that an error too.
_MEANT = re.compile(r"responded with a status of (404|422)")


class Windows:
    """The contexts of a test session."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = defaultdict(list)
        self._taken: list[tuple[str, BrowserContext]] = []
        self._complaints: list[str] = []

    def open(self, url: str, user: User | None, **options: Any) -> Page:
        """A page of the server at ``url``, somebody signed in; ``options`` are those of a context."""
        viewport = options.pop("viewport", None)
        options["base_url"] = url
        way = repr(sorted(options.items()))
        free = self._free[way]
        context = free.pop() if free else _kept(self._browser.new_context(**options))
        self._taken.append((way, context))
        if user is not None:
            context.add_cookies([_session(url, user)])
        page = context.new_page()
        if viewport:
            page.set_viewport_size(viewport)
        page.on("pageerror", lambda error: self._complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._note(said.type, said.text, page.url))
        return page

    def close(self) -> list[str]:
        """Close every page of a test; what any of them wrote to its console as an error or a warning."""
        for way, context in self._taken:
            for page in context.pages[1:]:
                page.close()
            context.clear_cookies()
            self._free[way].append(context)
        self._taken.clear()
        complaints, self._complaints = self._complaints, []
        return complaints

    def _note(self, kind: str, text: str, url: str) -> None:
        if kind in {"error", "warning"} and not _MEANT.search(text):
            self._complaints.append(f"{url}: {text}")


def _kept(context: BrowserContext) -> BrowserContext:
    """The context with a first page that stays open."""
    page = context.new_page()
    page.route("**", lambda route: route.fulfill(content_type="text/html", body=""))
    page.goto("/")
    return context


def _session(url: str, user: User) -> Any:
    """The cookie of somebody who is signed in."""
    return {"name": settings.SESSION_COOKIE_NAME, "value": make_session(user), "url": url}
