"""The tab "History" of a customer: as it was on a day, and its changes."""

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from customers import queries
from customers.history import past
from customers.views import object_context
from portal.access.guard import route
from portal.access.http import Request
from portal.ui.pages import page


class DayForm(forms.Form):
    """The day to look at."""

    on = forms.DateField(
        label=_("As it was on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@route(effect="read", right="customers.view")
@require_safe
def history(request: Request, pk: int) -> HttpResponse:
    """Today unless a day is asked for."""
    customer = queries.customer(request.scope, pk)
    form = DayForm(request.GET if "on" in request.GET else {"on": timezone.localdate()})
    day = form.cleaned_data["on"] if form.is_valid() else None
    context = object_context(request, customer) | {
        "form": form,
        "day": day,
        "state": past.state_on(request.scope, customer, day) if day else None,
        "since": past.known_since(request.scope, customer),
        "history": past.events(request.scope, customer),
    }
    return page(request, "customers/history/history.html", context)
