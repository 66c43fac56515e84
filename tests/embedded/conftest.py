"""A folder of its own, and an environment that brings no servers, for each test here."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.embedded import keys

BROUGHT = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "PORTAL_DATA_DIR", *keys.NAMES)


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in BROUGHT:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


@pytest.fixture
def place() -> Iterator[Path]:
    """A short path that every user can reach, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="csp-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)
