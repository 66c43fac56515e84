"""The embedded servers: private, one start at a time, and the second wall's two roles."""

import os
import stat
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from portal.embedded import postgres, process, runtime
from portal.embedded.__main__ import main as beside_servers
from portal.embedded.errors import EmbeddedError
from portal.embedded.folder import DataFolder
from portal.embedded.servers import Servers

pytestmark = pytest.mark.usefixtures("bare_environment")


def test_both_servers_answer_in_a_private_folder_only(place: Path) -> None:
    folder = DataFolder(place / "data")
    with folder, Servers(folder, fast=True) as servers:
        with psycopg.connect(servers.env["DATABASE_URL"]) as connection:
            seen = connection.execute(
                "SELECT current_user, current_setting('listen_addresses')"
            ).fetchone()
        with redis.Redis.from_url(servers.env["REDIS_URL"]) as client:
            client.set("a", 1)
            tcp_port = client.config_get("port")["port"]
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (folder.root, folder.sockets)}

    assert seen == ("portal_web", "")
    assert tcp_port == "0"
    assert modes == {0o700}
    assert {"SECRET_KEY", "FIELD_KEYS"} <= set(servers.env)
    assert stat.S_IMODE((folder.root / "keys.json").stat().st_mode) == 0o600


def test_neither_role_is_above_the_row_policies(place: Path) -> None:
    folder = DataFolder(place / "data")
    with folder, Servers(folder, fast=True) as servers:
        with psycopg.connect(servers.env["MIGRATE_DATABASE_URL"]) as connection:
            roles = connection.execute(
                "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
                " WHERE rolname IN ('portal', 'portal_web') ORDER BY rolname"
            ).fetchall()
            connection.execute("CREATE EXTENSION pg_trgm")
            connection.execute("SET ROLE portal_web")
        with (
            psycopg.connect(servers.env["DATABASE_URL"]) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("CREATE TABLE mine (id int)")

    assert roles == [
        ("portal", False, False, True, True),
        ("portal_web", False, False, False, False),
    ]


def test_a_second_start_says_who_holds_the_folder(place: Path) -> None:
    with DataFolder(place / "data", purpose="the first"):
        with pytest.raises(EmbeddedError, match=rf"process {os.getpid()} \(the first\)"):
            DataFolder(place / "data").__enter__()
        assert runtime.running(place / "data") is None  # held, but nothing published yet
    with DataFolder(place / "data"):
        pass


def test_data_and_keys_outlive_a_stop_and_a_kill(place: Path) -> None:
    folder = DataFolder(place / "data")
    with folder, Servers(folder, fast=True) as servers:
        keys = servers.env["SECRET_KEY"]
        with psycopg.connect(servers.env["MIGRATE_DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE kept (id int)")
    # What a killed server leaves behind; its number now belongs to another program: this one.
    (folder.root / "pg" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder.root}/pg\n")
    (folder.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")

    with folder, Servers(folder, fast=True) as servers:
        with psycopg.connect(servers.env["MIGRATE_DATABASE_URL"]) as connection:
            found = connection.execute("SELECT to_regclass('kept')::text").fetchone()
        assert servers.env["SECRET_KEY"] == keys
    assert found == ("kept",)


def test_a_path_too_long_for_a_socket_moves_the_sockets(place: Path) -> None:
    folder = DataFolder(place / ("long" * 25))
    with folder, Servers(folder, fast=True) as servers:
        sockets = folder.sockets
        assert not sockets.is_relative_to(folder.root)
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        with redis.Redis.from_url(servers.env["REDIS_URL"]) as client:
            assert client.ping()
        psycopg.connect(servers.env["DATABASE_URL"]).close()
    assert not sockets.exists()


def test_a_socket_folder_that_others_can_enter_is_refused(place: Path) -> None:
    folder = DataFolder(place / ("long" * 25))
    squatted = folder.sockets
    squatted.mkdir(mode=0o755)
    try:
        with pytest.raises(EmbeddedError, match="not a private folder"):
            folder.__enter__()
    finally:
        squatted.rmdir()


@pytest.mark.parametrize("identity", process.identities(), ids=lambda identity: identity.name)
def test_postgres_runs_under_each_identity(
    place: Path, identity: process.Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "identities", lambda: [identity])
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    folder = DataFolder(place / "data")
    with folder, Servers(folder, fast=True) as servers:
        psycopg.connect(servers.env["DATABASE_URL"]).close()
        assert "REDIS_URL" not in servers.env
    assert (folder.root / "pg").stat().st_uid == identity.uid


def test_without_any_postgres_the_way_on_is_named(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "folders", lambda: iter(()))
    folder = DataFolder(place / "data")
    with folder, pytest.raises(EmbeddedError, match="Set DATABASE_URL"), Servers(folder):
        pass


def test_servers_that_the_environment_brings_are_not_started(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/x")
    monkeypatch.setenv("REDIS_URL_FILE", "/run/secrets/redis")
    folder = DataFolder(place / "data")
    with folder, Servers(folder) as servers:
        assert set(servers.env) == {"SECRET_KEY", "FIELD_KEYS"}
        assert not (folder.root / "pg").exists()


def test_another_terminal_finds_the_servers_while_they_run(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = DataFolder(place / "data")
    published = {"DATABASE_URL": "a", "MIGRATE_DATABASE_URL": "b", "SECRET_KEY": "c"}
    assert runtime.running(folder.root) is None
    with folder:
        folder.publish(published)
        assert runtime.running(folder.root) == published
        # Whoever has a database of its own must not migrate the demo's.
        monkeypatch.setenv("DATABASE_URL_FILE", "/run/secrets/database")
        assert runtime.running(folder.root) == {"SECRET_KEY": "c"}
    assert runtime.running(folder.root) is None


def test_somebody_elses_postgres_variables_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "elsewhere")
    assert not [name for name in postgres.clean_env() if name.startswith("PG")]


def test_a_command_runs_beside_servers_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    code = (
        "import os, psycopg, sys;"
        "psycopg.connect(os.environ['MIGRATE_DATABASE_URL']).close();"
        "print(os.environ['PORTAL_DATA_DIR']); sys.exit(7)"
    )
    assert beside_servers([sys.executable, "-c", code]) == 7
    assert not Path(capfd.readouterr().out.strip()).exists()
    assert beside_servers([]) == 2
