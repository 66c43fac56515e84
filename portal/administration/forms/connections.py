"""The form of a connection. A secret goes in and never comes out again."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from portal.connections.accounts import fill_addresses
from portal.connections.models import Connection, Environment, Mode
from portal.connections.secrets import Secret
from portal.connections.validators import host_url, is_exposed
from portal.partnercenter.spec import Throttle

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Connection]
else:
    _ModelForm = forms.ModelForm

LIMITS = {
    Throttle.CUSTOMERS: _("Customer requests a minute"),
    Throttle.ORDERS: _("Order requests a minute"),
    Throttle.SUBSCRIPTIONS: _("Subscription requests a minute"),
    Throttle.OTHER: _("Other requests a minute"),
}


class ConnectionForm(_ModelForm):
    """Creates and changes a connection. Empty addresses become the cloud's, an empty secret stays."""

    client_secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        strip=True,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Connection
        fields = (
            "name",
            "cloud",
            "environment",
            "tenant_id",
            "client_id",
            "client_secret",
            "api_url",
            "login_url",
            "graph_url",
        )
        labels = {
            "tenant_id": _("Partner tenant ID"),
            "client_id": _("Application ID"),
            "api_url": _("API address"),
            "login_url": _("Sign-in address"),
            "graph_url": _("Graph address"),
        }
        error_messages = {
            "name": {
                "invalid": _("Use letters, digits, hyphens and underscores only."),
                "unique": _("Another connection has this name. Choose another."),
            },
        }
        help_texts = {
            "name": _("Short, for example contoso. It stands in addresses and commands."),
            "environment": _("Production shows and changes real customers."),
            "tenant_id": _("The directory of the partner: a GUID or a domain name."),
            "api_url": _("Leave empty for the cloud's own."),
            "login_url": _("Leave empty for the cloud's own."),
            "graph_url": _("Leave empty for the cloud's own."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance.pk is None
        for name in ("api_url", "login_url", "graph_url"):
            self.fields[name].required = False
        for name in ("tenant_id", "client_id"):
            # No sign-in name: a password manager must not fill in one.
            self.fields[name].widget.attrs["autocomplete"] = "off"
        secret = self.fields["client_secret"]
        secret.required = self.is_new
        if not self.is_new:
            secret.help_text = _("Stored and never shown. Leave empty to keep it.")
            # Commands, webhooks and bookmarks know a connection by its name.
            self.fields["name"].disabled = True
        for throttle, label in LIMITS.items():
            self.fields[f"limit_{throttle}"] = forms.IntegerField(
                label=label,
                required=False,
                validators=[MinValueValidator(1)],
                initial=self.instance.limits.get(throttle.value),
                help_text=_("Leave empty for Microsoft's 500."),
            )

    def clean_client_secret(self) -> str | Secret:
        """Keep the stored secret where none was entered."""
        entered: str = self.cleaned_data["client_secret"]
        return entered or self.instance.client_secret

    def clean(self) -> dict[str, Any]:
        """Fill empty addresses before the model looks at them, and put the limits together."""
        values = super().clean() or self.cleaned_data
        draft = Connection(
            cloud=values.get("cloud") or "public",
            api_url=values.get("api_url", ""),
            login_url=values.get("login_url", ""),
            graph_url=values.get("graph_url", ""),
        )
        fill_addresses(draft)
        if not values.get("graph_url") and not _usable(draft.api_url, values):
            # It would be the API address: one mistake is told once, where it was made.
            draft.graph_url = ""
        for name in ("api_url", "login_url", "graph_url"):
            if name in values:
                values[name] = getattr(draft, name)
        self.instance.limits = {
            throttle.value: values[f"limit_{throttle}"]
            for throttle in LIMITS
            if values.get(f"limit_{throttle}")
        }
        return values

    @property
    def changed(self) -> list[str]:
        """The fields of the connection that were changed; a secret only if one was entered."""
        names = [name for name in self.changed_data if name != "client_secret"]
        limits = [name for name in names if name.startswith("limit_")]
        entered = bool(self.data.get(self.add_prefix("client_secret"), "").strip())
        return [
            *(name for name in names if name not in limits),
            *(["limits"] if limits else []),
            *(["client_secret"] if entered else []),
        ]


def _usable(address: str, values: dict[str, Any]) -> bool:
    """Whether the model will take this address."""
    try:
        host_url(address)
    except ValidationError:
        return False
    return values.get("environment") != Environment.PRODUCTION or not is_exposed(address)


class ModeForm(forms.Form):
    """The mode alone. To let changes out of production, the connection's name is typed."""

    mode = forms.ChoiceField(label=_("Mode"), choices=Mode.choices)
    typed_name = forms.CharField(required=False)

    def __init__(self, *args: Any, connection: Connection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connection = connection

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        typed = values.get("typed_name", "").strip()
        if needs_name(self.connection, values.get("mode", "")) and typed != self.connection.name:
            raise ValidationError(_("Type the connection's name to let changes out to production."))
        return values


def needs_name(connection: Connection, mode: str) -> bool:
    """Whether this change of mode lets changes reach real customers that did not before."""
    return (
        connection.environment == Environment.PRODUCTION
        and mode == Mode.LIVE
        and connection.mode != Mode.LIVE
    )
