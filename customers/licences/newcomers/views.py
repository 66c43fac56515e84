"""The page of a new user: who it is, and what it is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import demand
from customers import queries as customer_queries
from customers.asking import pages
from customers.asking.pages import Consequence
from customers.licences.demand import PART
from customers.licences.newcomers import actions
from customers.licences.newcomers.actions import Given
from customers.licences.newcomers.forms import NewcomerForm
from customers.models import Customer
from customers.users import actions as users
from customers.users import consequences, directory
from customers.users.asking import METHODS, NEW_USER, initial
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.scope import Scope
from portal.ui.pages import page


@route(effect="write", right=users.RIGHT)
@require_http_methods(METHODS)
def create(request: Request, pk: int) -> HttpResponse:
    """A new user of a customer, with its licences."""
    scope = request.scope
    customer = _customer(request, pk)
    domains = directory.domains(customer)
    asking = replace(
        NEW_USER,
        form=_form(request, customer, domains=domains),
        tell=partial(tell, scope),
        act=actions.create,
        initial=partial(initial, domains=domains),
        template="customers/users/new.html",
    )
    return pages.answer(request, customer, asking)


@route(effect="read", right=users.RIGHT)
@require_safe
def products(request: Request, pk: int) -> HttpResponse:
    """The products by themselves, asked for until they are read."""
    return _products(request, _customer(request, pk))


@route(effect="write", right=demand.RIGHT)
@require_POST
def read_products(request: Request, pk: int) -> HttpResponse:
    """Have the products read unless they are new: the loaded page asks by itself where it has none."""
    customer = _customer(request, pk)
    demand.ask(request.scope, customer, PART)
    return _products(request, customer)


def _customer(request: Request, pk: int) -> Customer:
    customer = customer_queries.customer(request.scope, pk)
    require(request.scope, users.RIGHT, customer)
    return customer


def _products(request: Request, customer: Customer) -> HttpResponse:
    form = _form(request, customer)()
    context = {"form": form, "customer": customer, "reading": demand.reading(customer, PART)}
    return page(request, "customers/users/_first_licences.html", context)


def _form(
    request: Request, customer: Customer, domains: Sequence[str] = ()
) -> Callable[..., NewcomerForm]:
    """The form with the products as they are known now."""
    scope = request.scope
    rights = scope.rights_on(customer)
    gives = actions.may_give(customer, rights)
    return partial(
        NewcomerForm,
        domains=domains,
        gives=gives,
        products=actions.products(scope, customer) if gives else [],
        offers=partial(actions.offers, scope, customer),
        may_read=demand.RIGHT in rights,
    )


def tell(scope: Scope, customer: Customer, values: Mapping[str, Any]) -> Consequence:
    """What will happen, one change after the other."""
    told = consequences.of_create(customer, dict(values))
    given = actions.checked(scope, customer, values)
    points = [point for one in given for point in _points(scope, customer, one)]
    rows = [(_("Licence"), "", _named(one)) for one in given]
    return replace(told, rows=told.rows + rows, points=points + told.points)


def _points(scope: Scope, customer: Customer, one: Given) -> list[str]:
    product = {"product": str(one.state.sku)}
    if one.seats is None:
        return [_("%(product)s goes out once the user is there.") % product]
    found = actions.offers(scope, customer, one.state.sku)
    offer = next(o for o in found if o.subscription_id == one.seats.subscription_id)
    told = [
        _("First 1 seat is added to %(name)s, then the user is created, then %(product)s goes out.")
        % (product | {"name": offer.label}),
        *offer.points,
        *offer.money,
        _("If a later step fails, the seat stays bought."),
        offer.undo,
    ]
    return [point for point in told if point]


def _named(one: Given) -> str:
    names = {str(plan["id"]): str(plan["name"]) for plan in one.state.sku.service_plans}
    if not one.off:
        return str(one.state.sku)
    return _("%(product)s without %(plans)s") % {
        "product": one.state.sku,
        "plans": ", ".join(sorted(names.get(plan, plan) for plan in one.off)),
    }
