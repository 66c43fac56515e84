"""What staff may change of a billing profile."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from customers.asking.pages import AskingForm
from customers.profiles import actions, mapping
from customers.profiles.rules import LABELS, NEEDED
from portal.outbox.models import Command


class BillingProfileForm(AskingForm):
    """Ten fields; the country stays, because Partner Center does not let it change.

    ``seen`` are the values that the form showed. What somebody else changed meanwhile and this person did
    not touch follows them; what both changed is told once before it is written over. ``meanwhile`` are
    those changes (label, as shown, now). ``unsent`` is a change that was refused for such a reason: what
    was typed then stands in the form again.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, unsent: Command | None = None, **kwargs: Any) -> None:
        """Add the fields in the order of a letter."""
        super().__init__(*args, **kwargs)
        self.unsent = unsent
        for name, label in LABELS.items():
            field = forms.EmailField if name == "email" else forms.CharField
            self.fields[name] = field(label=label, required=name in NEEDED, max_length=255)
        self.order_fields([*LABELS, "reason", "submission", "seen"])
        self.now = mapping.values(actions.profile_of(self.customer) or {}) if self.customer else {}
        self.initial.update(unsent.after if unsent else {}, seen=json.dumps(self.now))
        self.meanwhile: list[tuple[str, str, str]] = []

    @property
    def values(self) -> dict[str, Any]:
        """The ten fields."""
        return {name: self.cleaned_data[name] for name in LABELS}

    def clean(self) -> dict[str, Any]:
        """Compare with what was shown and what is there now."""
        typed: dict[str, Any] = self.cleaned_data
        shown = _read(typed.get("seen", ""))
        changed = [name for name in LABELS if shown.get(name, self.now[name]) != self.now[name]]
        if not changed:
            return typed
        data: Any = self.data.copy()  # type: ignore[attr-defined] # a QueryDict, as every POST
        self.data = data
        data["seen"] = json.dumps(self.now)
        for name in changed:
            self.meanwhile.append((str(LABELS[name]), shown[name], self.now[name]))
            mine = str(typed.get(name, "")).strip()
            if mine == shown[name]:
                typed[name] = data[name] = self.now[name]
            elif name in typed and mine != self.now[name]:
                self.add_error(name, _both(self.now[name]))
        return typed


def _both(now: str) -> str:
    told = _(
        "Somebody changed this meanwhile to: %(value)s. Go on once more to write yours over it."
    )
    return told % {"value": now or "–"}


def _read(text: str) -> dict[str, str]:
    """What the form showed; nothing where it does not say."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
