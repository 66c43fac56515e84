"""The wizard's form: the customer, and what may follow its creation."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.agreements import actions
from customers.agreements.part import KINDS, SEGMENTS
from customers.asking.submitting import RefusedError
from customers.creating.following import More
from customers.creating.forms import NewCustomerForm
from customers.creating.rules import CountryRules

AGREEMENT = {
    "agreed_on": "agreed_on",
    "agreed_first_name": "first_name",
    "agreed_last_name": "last_name",
    "agreed_email": "email",
    "agreed_phone": "phone",
}
QUALIFICATION = ("qualification", "segment", "website", "code")
_CONTACT = gettext_lazy("Left empty, it is the contact above.")


class WizardForm(NewCustomerForm):
    """Agreement and qualification are optional, and asked only of those who may."""

    agreed_on = forms.DateField(
        label=gettext_lazy("Customer Agreement accepted on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Left empty, nothing is confirmed now."),
    )
    agreed_first_name = forms.CharField(
        label=gettext_lazy("Accepted by, first name"),
        required=False,
        max_length=255,
        help_text=_CONTACT,
    )
    agreed_last_name = forms.CharField(
        label=gettext_lazy("Accepted by, last name"), required=False, max_length=255
    )
    agreed_email = forms.EmailField(
        label=gettext_lazy("Accepted by, e-mail"), required=False, max_length=255
    )
    agreed_phone = forms.CharField(
        label=gettext_lazy("Accepted by, phone"), required=False, max_length=60
    )
    qualification = forms.ChoiceField(
        label=gettext_lazy("Qualification"),
        required=False,
        choices=[("", "–"), *KINDS.items()],
    )
    segment = forms.ChoiceField(
        label=gettext_lazy("Kind of school"),
        required=False,
        choices=[("", "–"), *SEGMENTS.items()],
        help_text=gettext_lazy("Needed for Education."),
    )
    website = forms.URLField(
        label=gettext_lazy("Website"),
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Of the school. Microsoft looks there first."),
    )
    code = forms.CharField(
        label=gettext_lazy("Validation code"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Needed for Government Community Cloud."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        rules: CountryRules,
        offered: Collection[str],
        *,
        auto_id: str | bool = "id_%s",
    ) -> None:
        """Leave out what is not ``offered`` (names of the verbs)."""
        super().__init__(data, rules, auto_id=auto_id)
        self.offered = offered
        self.more = More()
        for verb, names in (
            (actions.CONFIRM_AGREEMENT, tuple(AGREEMENT)),
            (actions.ASK_QUALIFICATION, QUALIFICATION),
        ):
            for name in names if verb not in offered else ():
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """What follows is checked by its own verbs, once the rest is right."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.more = More(self._agreement(cleaned), self._qualification(cleaned))
        except RefusedError as error:
            self.add_error(error.field or None, str(error))
        return cleaned

    @property
    def values(self) -> dict[str, str]:
        """What the creation itself takes."""
        own = super().values
        return {n: v for n, v in own.items() if n not in AGREEMENT and n not in QUALIFICATION}

    @property
    def has_more(self) -> bool:
        """Whether anything of what follows was filled in, right or wrong."""
        return self.is_bound and any(field.value() or field.errors for field in self.visible_more)

    @property
    def visible_more(self) -> list[forms.BoundField]:
        """The fields of what follows."""
        return [self[name] for name in (*AGREEMENT, *QUALIFICATION) if name in self.fields]

    @property
    def visible_own(self) -> list[forms.BoundField]:
        """The fields of the customer."""
        more = (*AGREEMENT, *QUALIFICATION)
        return [field for field in self.visible_fields() if field.name not in more]

    @staticmethod
    def _agreement(cleaned: Mapping[str, Any]) -> dict[str, Any] | None:
        told = {name: cleaned.get(own) for own, name in AGREEMENT.items()}
        if not any(told.values()):
            return None
        if not told["agreed_on"]:
            raise RefusedError("day", _("Write the day of the agreement."), "agreed_on")
        person = ("first_name", "last_name", "email")
        if not any(told[name] for name in person):
            told |= {name: cleaned[name] for name in (*person, "phone")}
        for own, name in AGREEMENT.items():
            if name in person and not told[name]:
                raise RefusedError("contact", _("Write who accepted the agreement."), own)
        return actions.agreement(told)

    @staticmethod
    def _qualification(cleaned: Mapping[str, Any]) -> dict[str, Any] | None:
        told = {name: cleaned.get(name) for name in QUALIFICATION}
        return actions.wanted(told) if told["qualification"] else None
