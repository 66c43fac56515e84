"""What an entry's dotted kind means in words: a lazy label with {parameters}, made when it is read.

Entries keep no sentence, so that a log is read in the reader's language and a better wording reaches
old entries too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Kind:
    """``outcome`` is a change status of portal.ui.statuses, or "done"."""

    slug: str
    label: str | Promise
    outcome: str = "done"

    def text(self, values: Mapping[str, Any]) -> str:
        """The label with its parameters filled in; a missing one becomes a dash.

        Values are put in as they are, once: braces in them mean nothing, and nothing is looked up.
        """
        return _PLACE.sub(lambda place: _shown(values.get(place[1])), str(self.label))


_kinds: dict[str, Kind] = {}


def kind(slug: str, label: str | Promise, *, outcome: str = "done") -> Kind:
    """Register a kind; called from the app that writes it. The same slug again replaces it."""
    _kinds[slug] = Kind(slug, label, outcome)
    return _kinds[slug]


def get(slug: str) -> Kind:
    """A kind; one that no app knows any more is shown by its slug."""
    return _kinds.get(slug) or Kind(slug, slug)


def all_kinds() -> list[Kind]:
    """Every kind by slug."""
    return [_kinds[slug] for slug in sorted(_kinds)]


def matching(text: str) -> list[str]:
    """Slugs of kinds whose wording in the active language holds the text."""
    text = text.casefold()
    return [found.slug for found in _kinds.values() if text in str(found.label).casefold()]


def _shown(value: Any) -> str:
    return "–" if value is None or value == "" else str(value)


# What access itself writes (it stands above, its kinds are part of the log's own vocabulary).
kind("session.started", _("Signed in"))
kind("session.ended", _("Signed out"))
kind("session.others_ended", _("Other sessions ended"))
kind("session.refused", _("Sign-in refused"), outcome="failed")
kind("account.password_changed", _("Password changed"))
kind("account.preferences_changed", _("Preferences changed"))
kind("token.created", _("API token {name} created"))
kind("token.revoked", _("API token {name} revoked"))
kind("user.created", _("Person added"))
kind("user.changed", _("Person changed"))
kind("user.deactivated", _("Person barred from signing in"))
kind("user.reactivated", _("Person allowed to sign in again"))
kind("user.password_reset", _("Password set by an administrator"))
kind("membership.granted", _("Role {role} granted"))
kind("membership.withdrawn", _("Role {role} withdrawn"))
