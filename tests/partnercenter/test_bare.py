"""The client works in a bare interpreter: nothing of Django, Celery, Redis or Postgres."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys

sys.path.insert(0, {root!r})
BARRED = ("django", "celery", "redis", "psycopg", "rest_framework")

class Bar:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BARRED:
            raise ImportError("barred: " + name)

sys.meta_path.insert(0, Bar())
from datetime import UTC, datetime
import httpx
import portal.partnercenter.auth
import portal.partnercenter.testing
import portal.reference.errors, portal.reference.licences, portal.reference.markets
import portal.reference.products
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.clouds import endpoints
from portal.partnercenter.operations.customers import LIST_CUSTOMERS
from portal.partnercenter.spec import Cloud
from portal.partnercenter.transport import Transport

class Token:
    def get(self, *, user, graph=False):
        return "t"
    def invalidate(self, token):
        pass

http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json={{"items": [1]}})))
client = PartnerClient(Transport(http=http, endpoints=endpoints(Cloud.PUBLIC), tokens=Token()))
print(client.call(LIST_CUSTOMERS)["items"], [name for name in BARRED if name in sys.modules])
"""


def test_a_call_in_a_bare_interpreter():
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM.format(root=str(ROOT))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[1] []"), done.stderr


def test_the_bar_does_bar():
    program = PROGRAM.format(root=str(ROOT)).replace("import httpx", "import django", 1)
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "barred: django" in done.stderr
