"""A page that asks for a change wakes a worker through the portal's own queue."""

import os
import subprocess
import sys
from pathlib import Path

ASK = "import portal.wsgi; from celery import current_app as app; print(app.main, app.conf.broker_url)"


def test_the_web_process_sends_to_the_portals_broker() -> None:
    """Without the import in portal.wsgi tasks would go to Celery's default app and reach nobody."""
    here = Path(__file__).resolve().parents[2]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    told = subprocess.run(
        [sys.executable, "-c", ASK], cwd=here, env=env, capture_output=True, text=True, check=True
    )
    app, broker = told.stdout.split()[-2:]
    assert app == "portal"
    assert broker.startswith("redis")
