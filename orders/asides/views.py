"""The card of questions on the page of a subscription, and registering an Azure subscription for reservations."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from customers.asking.pages import Consequence
from orders import actions as orders
from orders import queries, rules
from orders.acting import Acting, respond
from orders.asides import actions, asking, marketplace
from orders.consequences import notes
from orders.models import Subscription
from orders.scheduling.views import back, crumbs
from portal.access.guard import require, route
from portal.access.http import Request
from portal.ui.pages import page_or_fragment

READ = "mirror.refresh"


@route(effect="write", right=READ)
@require_POST
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask one of them; sent again by the page until Partner Center has answered."""
    row = queries.subscription(request.scope, pk)
    require(request.scope, READ, row)
    aside = asking.BY_SLUG.get(request.POST.get("question", ""))
    if aside is None or aside not in asking.offered(row):
        raise Http404
    told = asking.ask(row, aside, request.user.pk)
    context = {
        "subscription": row,
        "aside": aside,
        "asides": asking.offered(row),
        "told": told,
        "rows": asking.rows(request.scope, row, told.answer) if aside.lists and told.answer else [],
        "may_register": request.scope.can(orders.RIGHTS[orders.REGISTER], row),
    }
    return page_or_fragment(request, "orders/asides/page.html", "orders/asides/_card.html", context)


def _tell(row: Subscription, _values: object) -> Consequence:
    state = rules.state_of(row)
    return Consequence(
        title=_("Register %(name)s for reservations?") % {"name": row},
        undo=_("Cannot be undone. It costs nothing."),
        button=_("Register it"),
        points=[
            _("Reserved instances can be bought for it once Partner Center has registered it."),
            *notes(state),
        ],
    )


REGISTER: Acting[Subscription] = Acting(
    title=gettext_lazy("Register for reservations"),
    right=orders.RIGHTS[orders.REGISTER],
    may=lambda row: actions.may_register(rules.state_of(row)),
    tell=_tell,
    act=lambda actor, scope, row, _values, asked: actions.register(actor, scope, row, asked),
    verb=lambda _row, _values: orders.REGISTER,
    crumbs=crumbs,
    back=back,
)


AUTO_RENEW: Acting[Subscription] = Acting(
    title=gettext_lazy("Automatic renewal"),
    right=orders.RIGHTS[orders.AUTO_RENEW],
    form=marketplace.RenewForm,
    may=lambda row: marketplace.may_switch(rules.state_of(row)),
    initial=lambda row: {"renews": "1" if row.auto_renew else "0"},
    tell=marketplace.consequence,
    act=lambda actor, scope, row, values, asked: marketplace.switch(
        actor, scope, row, asked, renews=values["renews"]
    ),
    verb=lambda _row, _values: orders.AUTO_RENEW,
    crumbs=crumbs,
    back=back,
)


@route(effect="write", right=AUTO_RENEW.right)
@require_http_methods(["GET", "HEAD", "POST"])
def auto_renew(request: Request, pk: int) -> HttpResponse:
    """Whether a marketplace subscription renews by itself."""
    return respond(request, queries.subscription(request.scope, pk), AUTO_RENEW)


@route(effect="write", right=REGISTER.right)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: Request, pk: int) -> HttpResponse:
    """Register an Azure subscription, so that reservations can be bought for it."""
    return respond(request, queries.subscription(request.scope, pk), REGISTER)
