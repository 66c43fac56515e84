"""The tab "Profile" of a customer: who it is, whom its invoices concern, and changing the latter."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from customers import demand, queries
from customers.asking import pages
from customers.asking.pages import Asking, Consequence
from customers.asking.submitting import TARGET
from customers.models import BillingProfile, CompanyProfile, Customer
from customers.profiles import actions, mapping, rules
from customers.profiles.forms import BillingProfileForm
from customers.profiles.part import PART
from customers.reading import tab_context
from portal.access.guard import route
from portal.access.http import Request
from portal.access.scope import Scope
from portal.outbox import queries as changes
from portal.outbox.models import Command
from portal.outbox.states import State
from portal.ui.pages import page


@route(effect="read", right="customers.view")
@require_safe
def profile(request: Request, pk: int) -> HttpResponse:
    """Both profiles as last read; opening the tab has them read again if they are old."""
    customer = queries.customer(request.scope, pk)
    company = CompanyProfile.objects.filter(customer=customer, gone_at=None).first()
    billing = BillingProfile.objects.filter(customer=customer, gone_at=None).first()
    context = tab_context(request, customer, PART)
    context |= {
        "company": company.list_payload if company else None,
        "billing": billing.list_payload if billing else None,
        "may_edit": actions.RIGHT in context["rights"],
    }
    return page(request, "customers/profiles/profile.html", context)


def tell(customer: Customer, values: dict[str, Any]) -> Consequence:
    """Old and new, and what is odd about it."""
    before, after = actions.difference(customer, values)
    payload = actions.profile_of(customer) or {}
    advice = rules.postal_code(after.get("postal_code", ""), mapping.country(payload))
    rows = [(str(rules.LABELS[name]), before[name], value) for name, value in after.items()]
    return Consequence(
        title=_("Change the billing profile of %(name)s?") % {"name": customer.name},
        undo=_("Can be changed back at any time."),
        button=_("Change billing profile"),
        points=[_("Partner Center's next invoices carry the new values."), *filter(None, [advice])],
        rows=rows,
    )


def _initial(customer: Customer) -> dict[str, str]:
    return mapping.values(actions.profile_of(customer) or {})


BILLING_PROFILE = Asking(
    title=gettext_lazy("Billing profile"),
    right=actions.RIGHT,
    form=BillingProfileForm,
    tab="customer_profile",
    tell=tell,
    act=actions.update_billing_profile,
    initial=_initial,
    may=actions.may_update,
    template="customers/profiles/billing.html",
)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def billing_profile(request: Request, pk: int) -> HttpResponse:
    """Change the billing profile."""
    form = partial(BillingProfileForm, unsent=_unsent(request.scope, pk))
    return pages.respond(request, pk, replace(BILLING_PROFILE, form=form))


def _unsent(scope: Scope, pk: int) -> Command | None:
    """The last change of this profile, if it was not sent because somebody else had been there first."""
    rows = changes.commands(scope).filter(
        verb=actions.CHANGE_BILLING_PROFILE, target_type=TARGET, target_id=pk
    )
    last = rows.order_by("-pk").first()
    refused = last and last.state == State.FAILED and (last.error or {}).get("difference")
    return last if refused else None


def profiles_of(customer: Customer) -> dict[str, Any]:
    """Both profiles with their age, for the API."""
    company = CompanyProfile.objects.filter(customer=customer, gone_at=None).first()
    found = demand.reading(customer, PART)
    return {
        "company": company.list_payload if company else None,
        "billing": actions.profile_of(customer),
        "state": str(found.state),
        "observed_at": found.at,
    }
