"""Every import contract holds, and each is proven by a violation planted into the graph."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from grimp import ImportGraph, build_graph
from importlinter.application.use_cases import read_user_options
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.contract import Contract

PROJECT = Path(__file__).resolve().parents[2]
# Contract → an import that it must object to, between modules that exist.
PLANTED = {
    "Imports point down": ("portal.connections.models", "portal.access.scope"),
    "The client is plain Python": ("portal.partnercenter.spec", "django"),
    "The emulator stands alone": ("portal.emulator.clock", "portal.ui.formats"),
    "Production never imports the emulator": ("portal.celery", "portal.emulator.clock"),
    "Web code never calls Partner Center": ("portal.administration.views.users", "httpx"),
    "Reads and models do not write": ("customers.queries", "customers.actions"),
}
# The same contracts over rooms that have become packages, and over siblings.
ALSO = [
    ("Imports point down", "portal.ui.pages", "customers.models"),
    ("Imports point down", "customers.queries", "orders.models"),
    ("Imports point down", "portal.activity.log", "portal.access.models"),
    ("The client is plain Python", "portal.partnercenter.operations.customers", "celery"),
    ("Web code never calls Partner Center", "orders.views.subscriptions", "orders.delivery"),
    ("Web code never calls Partner Center", "customers.api", "portal.partnercenter.client"),
    ("Reads and models do not write", "orders.models", "orders.actions"),
]
KINDS: dict[str, type[Contract]] = {
    "forbidden": ForbiddenContract,
    "layers": LayersContract,
    "protected": ProtectedContract,
}


@lru_cache(maxsize=1)
def options() -> Any:
    configure()
    return read_user_options(str(PROJECT / "pyproject.toml"))


def contract(name: str) -> Contract:
    found = next(each for each in options().contracts_options if each["name"] == name)
    kind = KINDS[found["type"]]
    return kind(name=name, session_options=options().session_options, contract_options=found)


@pytest.fixture(scope="module")
def graph() -> ImportGraph:
    return build_graph(
        "portal", "customers", "orders", "billing", include_external_packages=True, cache_dir=None
    )


@contextmanager
def planted(graph: ImportGraph, importer: str, imported: str) -> Iterator[None]:
    assert importer in graph.modules, importer
    assert imported in graph.modules, imported
    assert imported not in graph.find_modules_directly_imported_by(importer)
    graph.add_import(importer=importer, imported=imported, line_number=1, line_contents="planted")
    try:
        yield
    finally:
        graph.remove_import(importer=importer, imported=imported)


def test_each_contract_has_its_proof() -> None:
    assert {each["name"] for each in options().contracts_options} == set(PLANTED)


@pytest.mark.parametrize("name", PLANTED)
def test_contract_holds(name: str, graph: ImportGraph) -> None:
    assert contract(name).check(graph, verbose=False).kept, name


@pytest.mark.parametrize(
    ("name", "importer", "imported"), [(name, *pair) for name, pair in PLANTED.items()] + ALSO
)
def test_planted_violation_is_caught(
    name: str, importer: str, imported: str, graph: ImportGraph
) -> None:
    with planted(graph, importer, imported):
        assert not contract(name).check(graph, verbose=False).kept
