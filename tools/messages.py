#!/usr/bin/env python3
"""``make messages``: collect new wording into the catalogues and compile them. Needs gettext."""

import os
import shutil
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

PROJECT = Path(__file__).resolve().parent.parent
LOCALE = PROJECT / "portal" / "locale"
IGNORED = [".venv/*", ".portal/*", "node_modules/*", "static/vendor/*", "tests/*", "tools/*"]


def main() -> None:
    """Bring every catalogue that exists up to date; a new language begins with its empty folder."""
    if not shutil.which("xgettext"):
        sys.exit("Collecting wording needs gettext (Debian: apt-get install gettext).")
    os.chdir(PROJECT)
    settings.configure(LOCALE_PATHS=[str(LOCALE)], USE_I18N=True)
    languages = sorted(folder.name for folder in LOCALE.iterdir() if folder.is_dir())
    call_command(
        "makemessages",
        locale=languages,
        ignore_patterns=IGNORED,
        no_wrap=True,
        no_location=True,
        no_obsolete=True,
        verbosity=0,
    )
    call_command("compilemessages", locale=languages, ignore_patterns=IGNORED, verbosity=0)


if __name__ == "__main__":
    main()
