"""The wizard's form: the customer, and what may follow its creation."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.agreements import actions
from customers.agreements.part import KINDS, SEGMENTS
from customers.creating import first_user, permission
from customers.creating.first_user import PREFIX, ROLES, FirstUser
from customers.creating.following import More
from customers.creating.forms import NewCustomerForm
from customers.creating.rules import CountryRules
from customers.users import rules as of_users
from customers.users.actions import CREATE as CREATE_USER
from portal.access.refusing import RefusedError

AGREEMENT = {
    "agreed_on": "agreed_on",
    "agreed_first_name": "first_name",
    "agreed_last_name": "last_name",
    "agreed_email": "email",
    "agreed_phone": "phone",
}
QUALIFICATION = ("qualification", "segment", "website", "code")
USER = (*(f"{PREFIX}{name}" for name in first_user.TYPED), "user_location", "user_must_change")
GROUPS = {
    actions.CONFIRM_AGREEMENT: tuple(AGREEMENT),
    actions.ASK_QUALIFICATION: QUALIFICATION,
    CREATE_USER: USER,
    permission.FIELD: (permission.FIELD,),
}
"""The fields of each part that may be left out, by what is ``offered``."""
_MORE = frozenset((*AGREEMENT, *QUALIFICATION, *USER))
_SET = frozenset({"user_must_change"})
"""What has a value before anything was filled in."""
_CONTACT = gettext_lazy("Left empty, it is the contact above.")


class WizardForm(NewCustomerForm):
    """The permission, and what follows: optional, and asked only of those who may."""

    permission = forms.BooleanField(
        label=gettext_lazy("Permission to look after the tenant (GDAP)"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Microsoft sets it up with the tenant, for users, licences and support. Its roles are"
            " then given to your security groups in Partner Center. Without it, the customer has to"
            " approve a request first."
        ),
    )

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

    user_display_name = forms.CharField(
        label=gettext_lazy("Name to show"),
        required=False,
        max_length=256,
        help_text=gettext_lazy("Left empty, only the account of the tenant itself is made."),
    )
    user_first_name = forms.CharField(
        label=gettext_lazy("First name of the user"), required=False, max_length=64
    )
    user_last_name = forms.CharField(
        label=gettext_lazy("Last name of the user"), required=False, max_length=64
    )
    user_name = forms.CharField(
        label=gettext_lazy("User name"),
        required=False,
        max_length=113,
        help_text=gettext_lazy("The part before the @; the domain is the customer's."),
    )
    user_location = forms.ChoiceField(
        label=gettext_lazy("Usage location"),
        required=False,
        choices=lambda: [("", "–"), *of_users.countries()],
        help_text=gettext_lazy("Left empty, it is the customer's country."),
    )
    user_role = forms.ChoiceField(
        label=gettext_lazy("Directory role"), required=False, choices=[("", "–"), *ROLES.items()]
    )
    user_must_change = forms.BooleanField(
        label=gettext_lazy("Must be changed at the first sign-in"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "A password is made, and shown once, to you alone, on the page of the change."
        ),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        rules: CountryRules,
        offered: Collection[str],
        *,
        auto_id: str | bool = "id_%s",
    ) -> None:
        """Leave out what is not ``offered`` (keys of GROUPS)."""
        super().__init__(data, rules, auto_id=auto_id)
        self.offered = offered
        self.more = More()
        for part, names in GROUPS.items():
            for name in names if part not in offered else ():
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """What follows is checked by its own verbs, once the rest is right."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            agreement, qualified = self._agreement(cleaned), self._qualification(cleaned)
            self.more = More(agreement, qualified, self._user(cleaned))
        except RefusedError as error:
            self.add_error(error.field or None, str(error))
        return cleaned

    @property
    def values(self) -> dict[str, str]:
        """What the creation itself takes."""
        own = {name: value for name, value in super().values.items() if name not in _MORE}
        if permission.FIELD in self.fields:
            given = self.cleaned_data[permission.FIELD]
            own[permission.FIELD] = permission.YES if given else permission.NO
        return own

    @property
    def has_more(self) -> bool:
        """Whether anything of what follows was filled in, right or wrong."""
        fields = [field for group in self.groups for field in group[1]]
        typed = any(field.value() for field in fields if field.name not in _SET)
        return self.is_bound and (typed or any(field.errors for field in fields))

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """What follows, part by part, as title and fields."""
        titles = (
            (actions.CONFIRM_AGREEMENT, _("Customer Agreement")),
            (actions.ASK_QUALIFICATION, _("Qualification")),
            (CREATE_USER, _("First user")),
        )
        return [
            (title, [self[name] for name in GROUPS[part]])
            for part, title in titles
            if part in self.offered
        ]

    @property
    def visible_own(self) -> list[forms.BoundField]:
        """The fields of the customer."""
        return [field for field in self.visible_fields() if field.name not in _MORE]

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

    def _user(self, cleaned: Mapping[str, Any]) -> FirstUser | None:
        own = {name.removeprefix(PREFIX): cleaned[name] for name in USER if name in cleaned}
        found = first_user.wanted(own, cleaned["domain"], self.rules.country)
        if found is not None and not cleaned.get(permission.FIELD):
            told = _("Creating a user takes the permission. Without it, Microsoft refuses.")
            raise RefusedError("permission_missing", told, permission.FIELD)
        return found
