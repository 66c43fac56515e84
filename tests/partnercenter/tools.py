"""A scripted Partner Center behind httpx, a clock that stands still, a sleep that only counts."""

import json
from datetime import UTC, datetime, timedelta

import httpx

from portal.partnercenter.client import PartnerClient
from portal.partnercenter.clouds import endpoints
from portal.partnercenter.spec import Cloud
from portal.partnercenter.transport import Transport

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def answer(body=None, status=200, **headers):
    """Return a scripted answer; header names are written with underscores."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, content=b"" if body is None else content, headers=names)


class Script:
    """Plays its steps in order (answers or exceptions) and keeps the requests."""

    def __init__(self, *steps):
        self.steps = list(steps)
        self.requests = []

    def __call__(self, request):
        self.requests.append(request)
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    def header(self, name):
        return [request.headers.get(name) for request in self.requests]


class Tokens:
    def __init__(self, *values):
        self.values = list(values) or ["secret-token-canary"]
        self.refused = []

    def get(self, *, user, graph=False, sales=False):
        return self.values[0]

    def invalidate(self, token):
        self.refused.append(token)
        if len(self.values) > 1:
            self.values.pop(0)


class Budget:
    def __init__(self):
        self.taken = []
        self.penalties = []

    def acquire(self, throttle, purpose):
        self.taken.append((throttle, purpose))

    def penalise(self, throttle, retry_after):
        self.penalties.append((throttle, retry_after))


class Bench:
    """A transport over a script, with everything that it touches at hand."""

    def __init__(self, *steps, read_only=False, tokens=None, api="", **kwargs):
        self.script = Script(*steps)
        self.sleeps: list[float] = []
        self.offsets: list[timedelta] = []
        self.tokens = tokens or Tokens()
        self.budget = Budget()
        self.transport = Transport(
            http=httpx.Client(transport=httpx.MockTransport(self.script)),
            endpoints=endpoints(Cloud.PUBLIC, api=api),
            tokens=self.tokens,
            governor=self.budget,
            read_only=read_only,
            sleep=self.sleeps.append,
            clock=lambda: NOW,
            on_clock=self.offsets.append,
            **kwargs,
        )
        self.client = PartnerClient(self.transport)
