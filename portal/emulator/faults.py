"""Misbehaviour on demand: a queue of rules, and chances from the command line.

A fault strikes either before the call is worked on (nothing was changed) or after (it was, and
the answer is spoilt).
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from threading import Lock
from typing import Any

import msgspec

from portal.emulator import paging, render
from portal.emulator.clock import pause
from portal.emulator.context import Answer, Call
from portal.emulator.errors import shape
from portal.emulator.ids import seeded
from portal.emulator.model import JSON

HTML = b"<!doctype html><html><body><h1>Service unavailable</h1></body></html>"
_BOM = b"\xef\xbb\xbf"
_STATUSES = ("429", "500", "502", "503", "504")


@dataclass
class Dropped(Exception):  # noqa: N818 - what is asked for
    """The connection is to be dropped: by a reset, or by closing it without an answer."""

    reset: bool


@dataclass(frozen=True, kw_only=True)
class Action:
    """What goes wrong. ``kind`` is one of ``KINDS``; the rest is for the kinds that need it."""

    kind: str
    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 2.0
    keep: float = 0.66


@dataclass(frozen=True, kw_only=True)
class Match:
    """Which calls; an empty field fits all. ``path`` is a regular expression, found anywhere."""

    method: str = ""
    path: str = ""
    operation: str = ""

    def fits(self, call: Call) -> bool:
        return (
            self.method.upper() in {"", call.method}
            and self.operation.upper() in {"", call.operation_name}
            and (not self.path or re.search(self.path, call.path, re.IGNORECASE) is not None)
        )


@dataclass(kw_only=True)
class Rule:
    """Strikes from the ``nth`` fitting call on, ``times`` times (None: for ever)."""

    action: Action
    match: Match = field(default_factory=Match)
    nth: int = 1
    times: int | None = 1
    seen: int = 0
    struck: int = 0

    def strikes(self, call: Call) -> bool:
        if not self.match.fits(call):
            return False
        self.seen += 1
        if self.seen < self.nth or (self.times is not None and self.struck >= self.times):
            return False
        self.struck += 1
        return True


class Faults:
    def __init__(self, spec: str, seed: int) -> None:
        self._lock = Lock()
        self._rules: list[Rule] = []
        self._seed = seed
        self.set_chances(spec)

    def set_chances(self, spec: str) -> None:
        """Replace the chances and start their sequence again. Raise ValueError for a bad SPEC."""
        chances = parse_spec(spec)
        with self._lock:
            self.spec = spec
            self._chances = chances
            self._random = seeded(self._seed, "faults")

    def add(self, rules: list[Rule]) -> None:
        with self._lock:
            self._rules.extend(rules)

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def dump(self) -> JSON:
        with self._lock:
            return {"spec": self.spec, "rules": [asdict(rule) for rule in self._rules]}

    def pick(self, call: Call) -> Action | None:
        """Return what goes wrong with this call: the first rule that strikes, else a chance."""
        if not self._rules and not self._chances:
            return None
        with self._lock:
            for rule in self._rules:
                if rule.strikes(call):
                    return rule.action
            return self._by_chance()

    def _by_chance(self) -> Action | None:
        if not self._chances:
            return None
        draw = self._random.random()
        for chance, action in self._chances:
            draw -= chance
            if draw < 0:
                return action
        return None


def parse_spec(spec: str) -> list[tuple[float, Action]]:
    """Read ``429=0.02,reset=0.02``. Raise ValueError for an unknown kind or a wrong share."""
    chances = []
    for part in filter(None, (piece.strip() for piece in spec.split(","))):
        name, _, share = part.partition("=")
        chances.append((_share(name, share), _named(name.strip())))
    if sum(chance for chance, _ in chances) > 1:
        raise ValueError("the shares of --faults add up to more than 1")
    return chances


def _share(name: str, text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError(f"the share of {name!r} in --faults must be a number from 0 to 1")
    return share


def _named(name: str) -> Action:
    if name in _STATUSES:
        return Action(kind="status", status=int(name))
    if name in KINDS:
        return Action(kind=name)
    known = ", ".join((*_STATUSES, *sorted(KINDS)))
    raise ValueError(f"unknown fault {name!r} in --faults; known are {known}")


# Before: return an answer instead of working, or None to go on.


def before(action: Action, call: Call) -> Answer | None:
    """Let a fault strike before the call is worked on. May raise Dropped."""
    match action.kind:
        case "status":
            return _status(action)
        case "reset":
            raise Dropped(reset=True)
        case "slow":
            pause(action.seconds)
        case "expire_continuation" if call.request.headers.get(paging.HEADER):
            raise paging.invalid()
        case _:
            pass
    return None


def _status(action: Action) -> Answer:
    headers = dict(action.headers)
    body = action.body
    if action.status == 429:
        seconds = headers.setdefault("Retry-After", "1")
        body = body or too_many(int(seconds))
    if body is None:
        body = shape(action.status, "An injected fault.")
    return Answer(action.status, render.encode(body), headers)


def too_many(seconds: int) -> JSON:
    """Return the body of a 429, which differs from other errors (api-throttling-guidance)."""
    return {
        "statusCode": 429,
        "message": f"Rate limit is exceeded. Try again in {seconds} seconds.",
    }


# After: the call was worked on, its answer is spoilt.


def after(action: Action, answer: Answer) -> Answer:
    """Let a fault strike at a finished answer. May raise Dropped."""
    if action.kind == "lost_reply":
        raise Dropped(reset=False)
    if action.kind == "slow_reply":
        pause(action.seconds)
    spoil = _SPOILERS.get(action.kind)
    return answer if spoil is None else spoil(action, answer)


def _truncate(_action: Action, answer: Answer) -> Answer:
    return Answer(answer.status, answer.body[: len(answer.body) * 2 // 3], answer.headers)


def _html(_action: Action, _answer: Answer) -> Answer:
    return Answer(200, HTML, content_type="text/html; charset=utf-8")


def _empty_body(_action: Action, answer: Answer) -> Answer:
    return Answer(answer.status, b"", answer.headers)


def _bom(_action: Action, answer: Answer) -> Answer:
    return Answer(answer.status, _BOM + answer.body, answer.headers)


def _empty_list(_action: Action, answer: Answer) -> Answer:
    return _shortened(answer, 0.0)


def _short_list(action: Action, answer: Answer) -> Answer:
    return _shortened(answer, action.keep)


def _shortened(answer: Answer, keep: float) -> Answer:
    """Keep a share of a listing and hide that it goes on."""
    content: Any = msgspec.json.decode(answer.body) if answer.body else None
    if not isinstance(content, dict) or not isinstance(content.get("items"), list):
        return answer
    content["items"] = content["items"][: int(len(content["items"]) * keep)]
    content["totalCount"] = len(content["items"])
    content.pop("continuationToken", None)
    content.get("links", {}).pop("next", None)
    return Answer(answer.status, render.encode(content), answer.headers)


_SPOILERS: dict[str, Callable[[Action, Answer], Answer]] = {
    "truncate": _truncate,
    "html": _html,
    "empty_body": _empty_body,
    "bom": _bom,
    "empty_list": _empty_list,
    "short_list": _short_list,
}
KINDS = frozenset(
    {"status", "reset", "lost_reply", "slow", "slow_reply", "expire_continuation", *_SPOILERS}
)
