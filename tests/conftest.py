"""What every test may ask for."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests import servers


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
