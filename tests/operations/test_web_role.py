"""What a web process asks of Postgres that a worker does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
PRINT = (
    "from django.conf import settings;"
    "print(settings.DATABASES['default'].get('OPTIONS', {}).get('options', ''))"
)


@pytest.mark.parametrize(
    ("role", "url", "options"),
    [
        ("web", "postgres://a@h/x", "-c jit=off"),
        ("web", "postgres://a@h/x?options=-c%20a%3Db", "-c a=b -c jit=off"),
        ("worker", "postgres://a@h/x", ""),
    ],
)
def test_pages_are_never_compiled_by_postgres(role: str, url: str, options: str) -> None:
    env = os.environ | {
        "PORTAL_ROLE": role,
        "DATABASE_URL": url,
        "MIGRATE_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    said = subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=PROJECT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == options
