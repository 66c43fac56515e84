"""The tab "Domains" of a customer, and adding a verified one."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from customers import queries
from customers.asking import pages
from customers.asking.pages import Asking, AskingForm, Consequence
from customers.asking.submitting import must_be_there
from customers.domains import actions
from customers.models import Customer
from customers.views import object_context
from portal.access.guard import route
from portal.access.http import Request
from portal.outbox import queries as changes
from portal.ui.pages import page

SHOWN = 120
"""Signs of a value that the consequence tells; a certificate has some thousand."""


@route(effect="read", right="customers.view")
@require_safe
def domains(request: Request, pk: int) -> HttpResponse:
    """The domains as get-by-id told them."""
    customer = queries.customer(request.scope, pk)
    live = not (customer.gone_at or customer.connection.is_retired or request.scope.read_only)
    context = object_context(request, customer) | {
        "domains": actions.known(customer),
        "change": changes.live_for(request.scope, "customer", pk),
        "may_add": live and request.scope.can(actions.RIGHT, customer),
    }
    return page(request, "customers/domains/domains.html", context)


class DomainForm(AskingForm):
    """A domain, and where people sign in to it."""

    SIGN_INS = (
        (actions.MANAGED, gettext_lazy("Managed by Microsoft")),
        (actions.FEDERATED, gettext_lazy("Federated")),
    )

    domain = forms.CharField(label=gettext_lazy("Domain"), max_length=253)
    authentication = forms.ChoiceField(label=gettext_lazy("Sign-in"), choices=SIGN_INS)
    issuer_uri = forms.CharField(
        label=gettext_lazy("Issuer"),
        required=False,
        max_length=500,
    )
    passive_log_on_uri = forms.CharField(
        label=gettext_lazy("Sign-in address"), required=False, max_length=500
    )
    log_off_uri = forms.CharField(
        label=gettext_lazy("Sign-out address"), required=False, max_length=500
    )
    signing_certificate = forms.CharField(
        label=gettext_lazy("Signing certificate"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    active_log_on_uri = forms.CharField(
        label=gettext_lazy("Sign-in address of applications"), required=False, max_length=500
    )
    metadata_exchange_uri = forms.CharField(
        label=gettext_lazy("Address of the metadata"), required=False, max_length=500
    )
    brand_name = forms.CharField(
        label=gettext_lazy("Name shown at sign-in"), required=False, max_length=200
    )
    protocol = forms.ChoiceField(
        label=gettext_lazy("Protocol"),
        required=False,
        choices=[("WsFed", "WS-Federation"), ("Samlp", "SAML 2.0")],
    )

    @property
    def first(self) -> list[Any]:
        """The fields of every domain."""
        return [self["domain"], self["authentication"]]

    @property
    def federation(self) -> list[Any]:
        """Those of a federated one, which the style sheet shows for it only."""
        return [self[name] for name in actions.SETTINGS]


def tell(customer: Customer, values: dict[str, Any]) -> Consequence:
    """What is added, and who may."""
    after = actions.wanted(customer, values)
    labels = {name: str(field.label) for name, field in DomainForm.base_fields.items()}
    signs_in = dict(DomainForm.SIGN_INS)
    shown = after | {"authentication": str(signs_in[after["authentication"]])}
    rows = [(labels[name], "", Truncator(value).chars(SHOWN)) for name, value in shown.items()]
    return Consequence(
        title=_("Add the domain %(domain)s to %(name)s?")
        % {"domain": after["domain"], "name": customer.name},
        undo=_("Cannot be undone here."),
        button=_("Add domain"),
        points=[_("Partner Center accepts it from partners that are domain registrars only.")],
        rows=rows,
    )


DOMAIN = Asking(
    title=gettext_lazy("Add verified domain"),
    right=actions.RIGHT,
    form=DomainForm,
    tab="customer_domains",
    tell=tell,
    act=actions.add_domain,
    may=must_be_there,
    template="customers/domains/add.html",
)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def add_domain(request: Request, pk: int) -> HttpResponse:
    """Add a verified domain."""
    return pages.respond(request, pk, DOMAIN)
