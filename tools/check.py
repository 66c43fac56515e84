#!/usr/bin/env python3
"""``make check``: format, lint, types, import contracts, migrations, settings, translations. No tests.

Every check runs, so one run names all that is wrong; the exit status is 1 if any failed.
"""

# ruff: noqa: S603, T201 - a script of its own, which runs tools and talks

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BIN = PROJECT / ".venv" / "bin"
PYTHON = str(BIN / "python")
SOURCES = (
    "portal",
    "customers",
    "orders",
    "billing",
    "tests",
    "tools",
    "gunicorn.conf.py",
    "manage.py",
)

# Each with a name that the report uses.
CHECKS = {
    "mypy": ("mypy", "-n", "2"),
    "ruff check": ("ruff", "check", "--quiet", "."),
    "ruff format": ("ruff", "format", "--quiet", "--check", "."),
    "lint-imports": ("lint-imports",),
    "deptry": ("deptry", "."),
    "djlint": ("djlint", "--lint", "--quiet", "templates"),
    "translations": ("python", "tools/translations.py"),
    "makemigrations --check": ("python", "manage.py", "makemigrations", "--check", "--dry-run"),
    "check --deploy": ("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
}
# What a deployment would set; no server answers there.
DEPLOYED = {
    "SECRET_KEY": "check-only-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "HTTPS": "true",
    "ALLOWED_HOSTS": "portal.example",
}


def main() -> int:
    """Run all checks; the two that ask a database run beside one (portal.embedded)."""
    if len(sys.argv) == 1:
        again = (PYTHON, "-m", "portal.embedded", PYTHON, __file__, "beside-servers")
        return subprocess.run(again, cwd=PROJECT, check=False).returncode
    env = {**os.environ, **DEPLOYED, "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]])}
    # Two at once, the longest first.
    with ThreadPoolExecutor(2) as executor:
        passed = executor.map(lambda name: passes(name, CHECKS[name], env), CHECKS)
        failed = [name for name, well in zip(CHECKS, passed, strict=True) if not well]
    if failed:
        print(f"\nmake check failed: {', '.join(failed)}")
    return bool(failed)


def passes(name: str, argv: tuple[str, ...], env: dict[str, str]) -> bool:
    """Run one check; its output is shown only when it fails."""
    start = time.monotonic()
    done = subprocess.run(
        argv,
        cwd=PROJECT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    told = f"{'FAILED' if done.returncode else 'ok    '} {name} ({time.monotonic() - start:.1f} s)"
    # In one piece: another check may speak at the same time.
    print(f"{told}\n{done.stdout.rstrip()}" if done.returncode else told, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
