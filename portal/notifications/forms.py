"""The form of what a person is told of: one choice for each kind."""

from collections.abc import Mapping
from typing import Any

from django import forms

from portal.notifications import kinds
from portal.notifications.models import Channel


class ChoicesForm(forms.Form):
    """A channel for each kind; the kinds' names are the fields'."""

    def __init__(self, *args: Any, chosen: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds.choosable():
            self.fields[kind.slug] = forms.ChoiceField(
                label=str(kind.label),
                choices=Channel.choices,
                initial=chosen.get(kind.slug, kind.default),
            )
