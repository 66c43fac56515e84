"""The page on which a customer is written to about its terms that end: choose, read, send."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from customers import queries as customers
from customers.models import Customer
from orders.renewals import writing
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.activity.actors import Actor
from portal.notifications import letters
from portal.ui.pages import page

UNUSABLE = 422


class LetterForm(forms.Form):
    """Which mail, in which language, to whom."""

    slug = forms.ChoiceField(
        label=_("Mail"),
        choices=lambda: [(slug, letters.get(slug).label) for slug in writing.SLUGS],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: settings.LANGUAGES,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    to = forms.EmailField(
        label=pgettext_lazy("mail", "To"), widget=forms.EmailInput(attrs={"class": "form-control"})
    )


@route(effect="write", right=writing.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request, pk: int) -> HttpResponse:
    """A mail about the customer's terms that end; it is shown before it is sent."""
    customer = customers.customer(request.scope, pk)
    require(request.scope, writing.RIGHT, customer)
    form = LetterForm(request.POST or None, initial=_first(request, customer))
    if request.method == "POST" and form.is_valid() and "send" in request.POST:
        try:
            writing.send(Actor.from_request(request), request.scope, customer, form.cleaned_data)
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("The mail waits to be sent."))
            return redirect("customer_what_if", pk=pk)
    return _shown(request, customer, form)


def _first(request: Request, customer: Customer) -> dict[str, Any]:
    """What stands in the form at first: the question, to the billing contact in its language."""
    to, language = writing.contact(request.scope, customer)
    return {
        "slug": writing.QUESTION,
        "to": to,
        "language": letters.language_of(language),
    }


def _shown(request: Request, customer: Customer, form: LetterForm) -> HttpResponse:
    wish = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    rows = writing.about(request.scope, customer, wish["slug"])
    actor = Actor.from_request(request)
    context = {
        "customer": customer,
        "form": form,
        "rows": len(rows),
        "text": writing.text_of(actor, customer, rows, wish) if rows else None,
    }
    status = UNUSABLE if form.is_bound and form.errors else 200
    return page(request, "renewals/write.html", context, status=status)
