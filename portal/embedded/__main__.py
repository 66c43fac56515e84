"""Run one command beside servers of its own: ``python -m portal.embedded COMMAND …``.

The servers and their data live in a temporary folder and are gone when the command ends, unless the
environment brings DATABASE_URL and REDIS_URL. ``make check`` uses it.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from portal.embedded.errors import EmbeddedError
from portal.embedded.folder import DataFolder
from portal.embedded.servers import Servers


def main(argv: list[str]) -> int:
    """Run ``argv`` with servers and return its exit status."""
    if not argv:
        sys.stderr.write("python -m portal.embedded COMMAND …\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="csp-portal-") as place:
        folder = DataFolder(Path(place), purpose="one command")
        try:
            with folder, Servers(folder, fast=True) as servers:
                env = {**os.environ, **servers.env, "PORTAL_DATA_DIR": place}
                return subprocess.run(argv, env=env, check=False).returncode  # noqa: S603
        except EmbeddedError as error:
            sys.stderr.write(f"{error}\n")
            return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
