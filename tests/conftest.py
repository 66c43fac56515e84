"""What every test may ask for: a database, an estate with two resellers, and the people in it."""

import gc
import importlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from portal.access.models import ApiToken, User
from portal.ui import exports
from tests import servers
from tests.browsing import Windows
from tests.people import Estate, let_in, make_estate, make_person

TESTS = Path(__file__).parent
OpenAt = Callable[..., Page]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Where several processes load every test of a fresh checkout, one begins at the end.

    pytest rewrites a test once and keeps the result, so none of them rewrites all.
    """
    second = os.environ.get("PYTEST_XDIST_WORKER") == "gw1"
    if second and [Path(one).name for one in session.config.args] == [TESTS.name]:
        for path in sorted(TESTS.rglob("test_*.py"), reverse=True):
            importlib.import_module(".".join(path.relative_to(TESTS.parent).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage again and again is a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever opens a window is a browser test; all that share nothing else share one process and its Chromium."""
    for item in items:
        if "windows" in item.fixturenames:  # type: ignore[attr-defined] # pytest.Function
            item.add_marker(pytest.mark.browser)
            if not item.get_closest_marker("xdist_group"):
                item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """One migrated template for all workers, one clone of it for each."""
    with django_db_blocker.unblock():
        name = servers.use_test_database()
    yield
    with django_db_blocker.unblock():
        servers.drop_test_database(name)


@pytest.fixture(autouse=True)
def in_english() -> None:
    """A request in somebody's language leaves it to whatever its thread does next."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def places_given_back(request: pytest.FixtureRequest) -> Iterator[None]:
    """An export that nobody closes keeps its place, and the third after it is refused in some other test.

    Behind a browser a server of its own may still be closing one.
    """
    yield
    if "browser" not in request.fixturenames:
        assert exports._running._value == exports.AT_ONCE


# --- browsers -----------------------------------------------------------------------------------

_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--process-per-site",  # a context of each test needs no process of its own
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """One Chromium for a process's tests (``browser``); each opens contexts of its own and closes them."""
    found = servers.chromium()
    where = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **where, "args": list(_FLAGS)}


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    """Contexts that one test after another uses."""
    return Windows(browser)


@pytest.fixture
def open_at(windows: Windows) -> Iterator[OpenAt]:
    """Open a page of a server for somebody. The test fails if a page wrote an error to its console.

    The Content-Security-Policy's are among them.
    """
    yield windows.open
    assert windows.close() == []


@pytest.fixture
def open_for(open_at: OpenAt, live_server: LiveServer) -> Callable[..., Page]:
    """Open a page of the live server for somebody."""
    return partial(open_at, live_server.url)


# --- people -------------------------------------------------------------------------------------


@pytest.fixture
def estate(db: None) -> Estate:
    """Two connections; in the first, resellers Fabrikam and Northwind and the customers they share out."""
    return make_estate()


@pytest.fixture
def alice(estate: Estate) -> User:
    """Distributor admin of the first connection."""
    return make_person("alice", "distributor-admin", estate.connection)


@pytest.fixture
def bob(estate: Estate) -> User:
    """Sales at Fabrikam, a reseller of the first connection."""
    return make_person("bob", "sales", estate.connection, estate.fabrikam)


@pytest.fixture
def charlie(estate: Estate) -> User:
    """Sales at Northwind: the outsider to all that is Fabrikam's."""
    return make_person("charlie", "sales", estate.connection, estate.northwind)


@pytest.fixture
def auditor(estate: Estate) -> User:
    """An auditor over everything."""
    return make_person("audrey", "auditor")


@pytest.fixture
def administrator(estate: Estate) -> User:
    """An administrator over everything."""
    return make_person("admin", "administrator")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which somebody is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        let_in(client, user)
        return client

    return signed_in


@pytest.fixture
def api_of() -> Callable[..., Client]:
    """A client with somebody's API token, read-only unless told otherwise."""

    def with_token(user: User, *, read_only: bool = True, **fields: Any) -> Client:
        _row, token = ApiToken.objects.create(user, name="test", read_only=read_only, **fields)
        return Client(headers={"Authorization": f"Token {token}"})

    return with_token


# --- queries ------------------------------------------------------------------------------------

_CONTROL = re.compile(r"^(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)|set_config\('role', 'none'")


@pytest.fixture
def queries_of() -> Callable[[], AbstractContextManager[list[str]]]:
    """Count queries as production has them: without what only a surrounding test transaction adds."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []
        connection.queries_log.clear()  # it holds 9,000, over all pages of a test
        with CaptureQueriesContext(connection) as captured:
            yield seen
        seen += [q["sql"] for q in captured.captured_queries if not _CONTROL.search(q["sql"])]

    return counting
