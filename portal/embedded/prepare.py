"""What the demo's database needs before anybody signs in; nothing is done twice.

One process beside the demo's servers (``manage.py prepare_demo``): the half that knows Django.
"""

import hashlib
import io
import json
import os
import secrets
import tempfile
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import call_command

from portal.access.models import Reseller
from portal.connections.models import Connection
from portal.embedded import consent, demo, example, process
from portal.embedded.errors import EmbeddedError
from portal.embedded.folder import write_private
from portal.embedded.services import PROJECT

CONNECTION = "demo"
# E-mail name -> role; the last two belong to one indirect reseller.
USERS = {
    "admin": "administrator",
    "distributor": "distributor-admin",
    "sales": "sales",
    "billing": "billing",
    "helpdesk": "helpdesk",
    "auditor": "auditor",
    "reseller-admin": "reseller-admin",
    "reseller": "sales",
}
NAMES = {
    "admin": "Ingrid Vasquez",
    "distributor": "Camille Renaud",
    "sales": "Mathieu Roche",
    "billing": "Owen Hart",
    "helpdesk": "Priya Raman",
    "auditor": "Jonas Keller",
    "reseller-admin": "Claire Aubert",
    "reseller": "Samir Haddad",
}
OF_A_RESELLER = {"reseller-admin", "reseller"}


def prepare(emulator_url: str) -> None:
    """Migrate, collect files, connect, read everything once, make the users and example prices.

    Raises EmbeddedError or CommandError with a sentence for the terminal.
    """
    data = Path(os.environ["PORTAL_DATA_DIR"])
    call_command("migrate", verbosity=0, interactive=False)
    _collect_files(data)
    if not process.wait_until(lambda: demo.answers(emulator_url), seconds=60, every=0.1):
        raise EmbeddedError(f"The emulator does not answer at {emulator_url}.")
    _connect(emulator_url)
    is_new = _read_everything(data)
    _make_users(data)
    if is_new:
        books = {"distributor": _email("distributor"), "reseller": _email("reseller-admin")}
        example.price_books(Connection.objects.get(name=CONNECTION), **books)


def _collect_files(data: Path) -> None:
    """Collect static files when one of them, or the packages that bring some, changed."""
    digest = hashlib.sha256((PROJECT / "requirements.txt").read_bytes())
    for file in sorted((PROJECT / "static").rglob("*")):
        found = file.stat()
        digest.update(f"{file} {found.st_size} {found.st_mtime_ns}".encode())
    stamp = data / "static.stamp"
    value = digest.hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == value:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(value, encoding="ascii")


def _connect(emulator_url: str) -> None:
    """Connect to the emulator as sandbox, live, with consent given by its own administrator.

    At a later start all of it is there already, and no entry says otherwise.
    """
    app = consent.EMULATED
    if _is_connected(emulator_url):
        return
    token = consent.refresh_token(emulator_url, app)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "refresh-token"
        write_private(file, token)
        call_command(
            "connect",
            CONNECTION,
            *("--cloud", "public", "--environment", "sandbox", "--mode", "live"),
            *("--api-url", emulator_url, "--login-url", emulator_url, "--graph-url", emulator_url),
            *("--tenant", app.tenant_id, "--client-id", app.client_id),
            *(f"--client-secret={app.client_secret}", "--refresh-token-file", str(file)),
        )


def _is_connected(emulator_url: str) -> bool:
    """Whether the connection, as staff may have changed it since, stands at this address, or was retired."""
    row = Connection.objects.filter(name=CONNECTION).first()
    if row is None or row.is_retired:
        return row is not None
    return row.has_consent and row.login_url == emulator_url and row.problem_at is None


def _read_everything(data: Path) -> bool:
    """Run the first full sync and let the workers go on from there; False where that was done at an earlier start."""
    stamp = data / "first-sync"
    if stamp.exists():
        return False
    call_command("sync", CONNECTION, "--full")
    example.read_soon(Connection.objects.get(name=CONNECTION))
    stamp.touch()
    return True


def _make_users(data: Path) -> None:
    """See to it that every login in the file opens the portal, and that none changes by itself."""
    path = data / demo.LOGINS
    logins: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for name, role in USERS.items():
        email = _email(name)
        is_new = email not in logins
        password = logins.setdefault(email, secrets.token_urlsafe(12))
        if is_new:
            write_private(path, json.dumps(logins, indent=2) + "\n")
        user = get_user_model().objects.filter(email=email).first()
        if user is None:
            _create_user(name, role, password)
        elif is_new:  # the file was removed: its users get new passwords
            user.set_password(password)
            user.save(update_fields=["password"])


def _email(name: str) -> str:
    return f"{name}@demo.example"


def _create_user(name: str, role: str, password: str) -> None:
    """Call create_user; a password may begin with a dash, so it is bound to its option."""
    within = name in OF_A_RESELLER
    place = ["--connection", CONNECTION, "--reseller", _reseller()] if within else []
    email, called = _email(name), f"--name={NAMES[name]}"
    said = io.StringIO()
    call_command(
        "create_user", email, "--role", role, called, f"--password={password}", *place, stdout=said
    )


def _reseller() -> str:
    """Return the first indirect reseller by name: the same at every start."""
    resellers = Reseller.objects.filter(connection__name=CONNECTION)
    first = resellers.order_by("name", "pk").first()
    if not first:
        raise EmbeddedError("The first sync brought no indirect reseller.")
    return str(first.pc_id)
