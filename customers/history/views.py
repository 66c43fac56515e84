"""The tab "History" of a customer: as it was on a day, and its changes."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from customers import queries
from customers.history import past
from customers.views import object_context
from portal.access.guard import route
from portal.access.http import Request
from portal.outbox.days import DayForm
from portal.ui.pages import page


@route(effect="read", right="customers.view")
@require_safe
def history(request: Request, pk: int) -> HttpResponse:
    """Today unless a day is asked for."""
    customer = queries.customer(request.scope, pk)
    form = DayForm.of(request)
    day = form.day
    context = object_context(request, customer) | {
        "form": form,
        "day": day,
        "state": past.state_on(request.scope, customer, day) if day else None,
        "since": past.known_since(request.scope, customer),
        "history": past.events(request.scope, customer),
    }
    return page(request, "customers/history/history.html", context)
