"""Icons: everything used is listed and installed; what is not is loud."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from portal.ui import icons

ROOT = Path(settings.BASE_DIR)
USES = re.compile(r"""\{%\s*icon\s+"([a-z0-9-]+)"|\bicon="([a-z0-9-]+)\"""")


def _listed() -> list[str]:
    return (ROOT / "static/icons.txt").read_text("utf-8").split()


def _used() -> set[str]:
    sources = [*ROOT.glob("templates/**/*.html")]
    for package in ("portal", "customers", "orders"):
        sources += ROOT.glob(f"{package}/**/*.py")
    return {
        next(filter(None, found))
        for source in sources
        for found in USES.findall(source.read_text("utf-8"))
    }


def test_every_icon_used_is_listed():
    assert _used() - set(_listed()) == set()


def test_every_listed_icon_is_installed_and_hidden_from_readers():
    for name in _listed():
        svg = icons.icon(name)
        assert svg.startswith('<svg class="icon"')
        assert 'aria-hidden="true"' in svg
        assert svg.count("<path") + svg.count("<circle") + svg.count("<rect") > 0
        assert "style" not in svg


def test_the_list_is_sorted_without_repeats():
    assert _listed() == sorted(set(_listed()))


@pytest.mark.parametrize("name", ["no-such-icon", "../../secret", "", "Home"])
def test_an_unknown_icon_is_loud(name):
    with pytest.raises(icons.UnknownIconError):
        icons.icon(name)
