"""The shared estate, findable: a text filter looks in the search table, which a sync keeps."""

import pytest

from portal.access import search
from tests.people import Estate, make_estate


@pytest.fixture
def estate(db: None) -> Estate:
    made = make_estate()
    reindex()
    return made


def reindex() -> None:
    for kind in search.kinds():
        search.reindex(kind)
