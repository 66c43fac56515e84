"""The page on which a customer is written to about its terms that end: choose, read, send."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from customers import queries as customers
from customers.models import Customer
from orders.models import Subscription
from orders.renewals import writing
from orders.renewals.writing import Wish
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.activity.actors import Actor
from portal.notifications import letters
from portal.ui.pages import page

UNUSABLE = 422


class SlugForm(forms.Form):
    """Which mail."""

    slug = forms.ChoiceField(
        label=_("Mail"),
        choices=lambda: [(slug, letters.get(slug).label) for slug in writing.SLUGS],
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class LetterForm(SlugForm):
    """In which language, to whom, too."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: settings.LANGUAGES,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    to = forms.EmailField(
        label=pgettext_lazy("mail", "To"), widget=forms.EmailInput(attrs={"class": "form-control"})
    )
    again = forms.BooleanField(
        label=_("Also about those of which was written already"), required=False
    )

    @property
    def wish(self) -> Wish:
        """What was chosen, of a valid form."""
        return Wish(**self.cleaned_data)


@route(effect="write", right=writing.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request, pk: int) -> HttpResponse:
    """A mail about the customer's terms that end; it is shown before it is sent."""
    customer = customers.customer(request.scope, pk)
    require(request.scope, writing.RIGHT, customer)
    form = LetterForm(request.POST or None, initial=_first(request, customer))
    if request.method == "POST" and form.is_valid() and "send" in request.POST:
        try:
            writing.send(Actor.from_request(request), request.scope, customer, form.wish)
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("The mail waits to be sent."))
            return redirect("customer_what_if", pk=pk)
    return _shown(request, customer, form)


def _first(request: Request, customer: Customer) -> dict[str, Any]:
    """What stands in the form at first: the question, to the billing contact in its language."""
    found = writing.contacts(request.scope, [customer])[customer.pk]
    return {
        "slug": writing.QUESTION,
        "to": found.to,
        "language": letters.language_of(found.language),
    }


def _shown(request: Request, customer: Customer, form: LetterForm) -> HttpResponse:
    wish = form.wish if form.is_bound and form.is_valid() else Wish(**form.initial)
    rows = writing.of_customer(request.scope, customer, wish.slug)
    fresh = [row for row in rows if not writing.is_written(row, wish.slug)]
    shown = rows if wish.again or not fresh else fresh
    actor = Actor.from_request(request)
    context = {
        "customer": customer,
        "form": form,
        "written": len(rows) - len(fresh),
        "last": _last([row for row in rows if row not in fresh]),
        "text": writing.text_of(actor, customer, shown, wish) if shown else None,
    }
    status = UNUSABLE if form.is_bound and form.errors else 200
    return page(request, "renewals/write.html", context, status=status)


def _last(written: list[Subscription]) -> dict[str, Any] | None:
    """To whom and when the newest mail went."""
    told = writing.last(written) if written else None
    return told and told | {"at": parse_datetime(told["at"])}
