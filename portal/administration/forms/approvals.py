"""The form of an approval rule. Connections and resellers come from the scope of who asks."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.access.models import Reseller
from portal.access.roles import Role
from portal.access.scope import Scope
from portal.administration import queries
from portal.outbox import verbs
from portal.outbox.approvals.models import Rule

if TYPE_CHECKING:
    _RuleForm = forms.ModelForm[Rule]
else:
    _RuleForm = forms.ModelForm

RIGHT = "approvals.manage"


class RuleForm(_RuleForm):
    """A rule's conditions; empty ones hold for everything."""

    verb = forms.ChoiceField(label=_("Change"), required=False)
    role = forms.ChoiceField(label=_("Asked by the role"), required=False)

    class Meta:
        model = Rule
        fields = ["name", "connection", "reseller", "verb", "role", "least_seats", "hours"]
        labels = {
            "name": _("Name"),
            "connection": _("Connection"),
            "reseller": _("Indirect reseller"),
            "least_seats": _("From how many seats"),
            "hours": _("Hours until it expires"),
        }
        help_texts = {
            "least_seats": _(
                "Seats of the subscription, or the difference where seats are changed. "
                "Empty: any number."
            ),
            "hours": _("What nobody has approved by then is cancelled."),
        }

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managed = scope.narrowed(RIGHT)
        resellers = Reseller.objects.filter(gone_at=None).select_related("connection")
        fields: Any = self.fields
        fields["connection"].queryset = queries.connections(managed)
        fields["reseller"].queryset = managed.filter(resellers).order_by("name")
        fields["reseller"].empty_label = _("All resellers")
        fields["verb"].choices = [
            ("", _("Any change")),
            *((verb.name, verb.label) for verb in verbs.all_verbs()),
        ]
        fields["role"].choices = [("", _("Any role")), *Role.choices]

    def clean(self) -> dict[str, Any]:
        """A reseller belongs to the connection."""
        super().clean()
        reseller = self.cleaned_data.get("reseller")
        connection = self.cleaned_data.get("connection")
        if reseller and connection and reseller.connection_id != connection.pk:
            raise ValidationError({"reseller": _("This reseller belongs to another connection.")})
        return self.cleaned_data
