"""The pages of a new customer: for whom and where, the form by that country's rules, the checks, the request."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from customers.agreements.part import KINDS
from customers.creating import actions, checks, following, permission, rules
from customers.creating.first_user import ROLES
from customers.creating.forms import PlaceForm
from customers.creating.more import WizardForm
from customers.creating.places import RIGHT, Place, places
from customers.creating.rules import CountryRules
from customers.models import NewCustomer
from portal.access.guard import route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.activity.actors import Actor
from portal.outbox.commands import Asked
from portal.outbox.queries import commands
from portal.ui import formats
from portal.ui.pages import page

UNUSABLE = 422


@route(effect="write", right=RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_customer(request: Request) -> HttpResponse:
    """All of it by POST: it asks Partner Center, and it is about people."""
    found = places(request.scope)
    choices = [(place.key, place.label) for place in found]
    start = PlaceForm(request.POST if request.method == "POST" else None, choices)
    if not start.is_valid() or "restart" in request.POST:
        status = UNUSABLE if start.errors else 200
        context = {"form": start, "invites": any(place.reseller is None for place in found)}
        return page(request, "customers/creating/place.html", context, status)
    place = next(one for one in found if one.key == start.cleaned_data["place"])
    country = start.cleaned_data["country"]
    known = checks.country_rules(place, country, request.scope.user_id)
    if known is None and not {"reference", "company_name"} & request.POST.keys():
        return page(request, "customers/creating/waiting.html", {"start": start})
    return _filled(request, place, start, known or rules.reference(country))


def _filled(request: Request, place: Place, start: PlaceForm, known: CountryRules) -> HttpResponse:
    """The form, and once it is whole the checks with the confirming button."""
    data = request.POST if "company_name" in request.POST else None
    form = WizardForm(data, known, following.offered(request.scope, place))
    if not form.is_bound or "back" in request.POST or not form.is_valid():
        return _form(request, place, start, form)
    found = checks.run(place, form.values, request.scope.user_id)
    settled = not any(check.waits or check.state == checks.BAD for check in found)
    try:
        actions.check_domain(place.connection, form.values["domain"])
        if settled and "confirmed" in request.POST:
            asked = Asked("", form.key)
            actor = Actor.from_request(request)
            wish = actions.Wish(form.values, form.more)
            return redirect(actions.create(actor, request.scope, place, wish, asked))
    except RefusedError as error:
        form.add_error(error.field or None, str(error))
        return _form(request, place, start, form)
    return _checked(request, start, form, {"place": place, "checks": found})


def _form(request: Request, place: Place, start: PlaceForm, form: WizardForm) -> HttpResponse:
    status = UNUSABLE if form.errors and "back" not in request.POST else 200
    context = {"place": place, "start": start, "form": form, "rules": form.rules}
    return page(request, "customers/creating/form.html", context, status)


def _checked(
    request: Request, start: PlaceForm, form: WizardForm, told: dict[str, Any]
) -> HttpResponse:
    """What was found out, the address as Partner Center would write it, and the button."""
    data, found = request.POST.dict(), told["checks"]
    others = [
        (_lines(one), WizardForm({**data, **one}, form.rules, form.offered, auto_id=False))
        for check in found
        for one in check.suggestions
    ]
    context = told | {
        "start": start,
        "form": form,
        "waits": any(check.waits for check in found),
        "barred": any(check.state == checks.BAD for check in found),
        "others": others,
        "lines": _lines(form.values),
        "country": rules.country_name(form.rules.country),
        "following": _following(form),
        "permission": form.cleaned_data.get(permission.FIELD),
    }
    return page(request, "customers/creating/check.html", context)


def _following(form: WizardForm) -> list[tuple[str, str]]:
    """What is asked for once the customer is there, as label and value."""
    told = []
    if agreement := form.more.agreement:
        day = formats.date_short(form.cleaned_data["agreed_on"])
        name = f"{agreement['first_name']} {agreement['last_name']}"
        told.append((_("Customer Agreement"), f"{day}, {name} <{agreement['email']}>"))
    if wanted := form.more.qualification:
        told.append((_("Qualification"), str(KINDS[wanted["qualification"]])))
    if user := form.more.user:
        named = f"{user.after['display_name']} <{user.after['user_principal_name']}>"
        role = str(ROLES.get(user.role, ""))
        told.append((_("First user"), f"{named}, {role}" if role else named))
    return told


def _lines(address: dict[str, str]) -> str:
    town = f"{address['postal_code']} {address['city']}".strip()
    parts = (address["address_line1"], address["address_line2"], town, address["state"])
    return ", ".join(part for part in parts if part)


@route(effect="read", right="customers.view")
@require_safe
def created(request: Request, pk: int) -> HttpResponse:
    """Lead to the customer once it is there, until then to the change."""
    rows = request.scope.filter(NewCustomer.objects.select_related("customer"))
    row = get_object_or_404(rows, pk=pk)
    if row.customer is not None:
        return redirect(row.customer)
    requests = commands(request.scope).filter(verb=actions.CREATE, target_type=actions.TARGET)
    asked = requests.filter(target_id=pk).first()
    if asked is None:
        raise Http404
    return redirect(asked)
