"""What a person is told of: one choice for each kind; and the text of a mail."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.notifications import kinds, placeholders
from portal.notifications.letters import Letter, Text
from portal.notifications.models import Channel

LONGEST = 10_000


class ChoicesForm(forms.Form):
    """A channel for each kind, under the kind's name, and the hour of the daily mail."""

    hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour of the daily mail"),
        help_text=gettext_lazy("By the clock of your time zone."),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
    )

    def __init__(self, *args: Any, chosen: Mapping[str, str], hour: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hour"].initial = hour
        for kind in kinds.choosable():
            self.fields[kind.slug] = forms.ChoiceField(
                label=str(kind.label),
                choices=Channel.choices,
                initial=chosen.get(kind.slug, kind.default),
            )
        self.order_fields([*(name for name in self.fields if name != "hour"), "hour"])

    @property
    def channels(self) -> dict[str, str]:
        """What was chosen, by kind."""
        return {name: value for name, value in self.cleaned_data.items() if name != "hour"}


class TextForm(forms.Form):
    """Subject and body of a letter. A placeholder that the letter has not is an error that names those it has."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 14})
    )

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letter = letter

    @property
    def text(self) -> Text:
        """What was written."""
        return Text(self.cleaned_data["subject"], self.cleaned_data["body"])

    def clean_subject(self) -> str:
        """One line with known placeholders."""
        return self._checked("subject", " ".join(str(self.cleaned_data["subject"]).split()))

    def clean_body(self) -> str:
        """Known placeholders, and those without which the mail is of no use."""
        written = str(self.cleaned_data["body"]).replace("\r\n", "\n").strip() + "\n"
        body = self._checked("body", written)
        there = placeholders.names(body)
        missing = [name for name in self.letter.needed() if name not in there]
        if missing:
            wanted = ", ".join(f"{{{{ {name} }}}}" for name in missing)
            raise ValidationError(_("The text needs %(places)s.") % {"places": wanted})
        return body

    def _checked(self, part: str, text: str) -> str:
        if problem := placeholders.problem(text, self.letter.allowed(part)):
            raise ValidationError(problem)
        return text
