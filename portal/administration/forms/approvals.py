"""The form of an approval rule. Connections and resellers come from the scope of who asks."""

from typing import TYPE_CHECKING, Any

from babel.numbers import is_currency
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.access.models import Reseller
from portal.access.roles import Role
from portal.access.scope import Scope
from portal.administration import queries
from portal.outbox import verbs
from portal.outbox.approvals import amounts
from portal.outbox.approvals.models import Rule

if TYPE_CHECKING:
    _RuleForm = forms.ModelForm[Rule]
else:
    _RuleForm = forms.ModelForm

RIGHT = "approvals.manage"


def place_of(reseller: Reseller) -> str:
    """A reseller with its connection: one company may stand in several."""
    return f"{reseller.name} ({reseller.connection})"


class RuleForm(_RuleForm):
    """A rule's conditions; empty ones hold for everything."""

    verb = forms.ChoiceField(label=_("Change"), required=False)
    role = forms.ChoiceField(label=_("Asked by the role"), required=False)

    class Meta:
        model = Rule
        fields = [
            "name",
            "connection",
            "reseller",
            "verb",
            "role",
            "least_seats",
            "least_amount",
            "currency",
            "hours",
        ]
        labels = {
            "name": _("Name"),
            "connection": _("Connection"),
            "reseller": _("Indirect reseller"),
            "least_seats": _("From how many seats"),
            "least_amount": _("From which amount a month, net"),
            "currency": _("Currency"),
            "hours": _("Hours until it expires"),
        }
        help_texts = {
            "least_seats": _(
                "Seats of the subscription, or the difference where seats are changed. "
                "Of a batch the sum counts. Empty: any number."
            ),
            "least_amount": _(
                "What these seats cost you a month by the last invoice line. Of a batch the sum counts. "
                "The rule also holds where the cost is not known or in another currency. "
                "Empty: any amount."
            ),
            "currency": _("Three letters, such as EUR."),
            "hours": _("What nobody has approved by then is cancelled."),
        }

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managed = scope.narrowed(RIGHT)
        fields: Any = self.fields
        connections = list(queries.working(managed))
        fields["connection"].queryset = queries.working(managed)
        fields["connection"].empty_label = _("Choose a connection")
        if len(connections) == 1:
            fields["connection"].initial = connections[0]
        resellers = Reseller.objects.filter(gone_at=None, connection__in=connections)
        resellers = managed.filter(resellers.select_related("connection")).order_by("name")
        fields["reseller"].queryset = resellers
        fields["reseller"].label_from_instance = place_of
        fields["reseller"].empty_label = _("All resellers")
        fields["verb"].choices = [
            ("", _("Any change")),
            *((verb.name, verb.label) for verb in verbs.all_verbs()),
        ]
        fields["role"].choices = [("", _("Any role")), *Role.choices]

    def clean_currency(self) -> str:
        """Three letters that name a currency."""
        code: str = self.cleaned_data["currency"].upper()
        if code and not is_currency(code):
            raise ValidationError(_("Write the three letters of a currency, such as EUR."))
        return code

    def clean(self) -> dict[str, Any]:
        """A reseller belongs to the connection, an amount has a currency."""
        super().clean()
        self._amount_with_currency()
        reseller = self.cleaned_data.get("reseller")
        connection = self.cleaned_data.get("connection")
        if reseller and connection and reseller.connection_id != connection.pk:
            raise ValidationError({"reseller": _("This reseller belongs to another connection.")})
        return self.cleaned_data

    def _amount_with_currency(self) -> None:
        told = self.cleaned_data
        if not {"least_amount", "currency"} <= told.keys():
            return
        amount, currency, verb = told["least_amount"], told["currency"], told.get("verb")
        if amount is None and currency:
            self.add_error("least_amount", _("Write the amount, or leave the currency empty."))
        if amount is not None and not currency:
            self.add_error("currency", _("Write the currency of the amount."))
        if amount is not None and verb and not amounts.has_cost(verb):
            message = _("This change costs nothing: the rule would never hold.")
            self.add_error("least_amount", message)
