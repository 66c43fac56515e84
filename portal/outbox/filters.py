"""Filters of the Changes list."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.outbox import queries, verbs
from portal.outbox.models import Command
from portal.outbox.states import State
from portal.ui import filters, operators
from portal.ui.operators import OperatorError, Term

UNDER_WAY = "sending"
STATES = [
    (UNDER_WAY, _("Under way")),
    (State.AWAITING_APPROVAL, State.AWAITING_APPROVAL.label),
    (State.IN_DOUBT, State.IN_DOUBT.label),
    (State.FAILED, State.FAILED.label),
    (State.SUCCEEDED, State.SUCCEEDED.label),
    (State.WITHHELD, State.WITHHELD.label),
    (State.CANCELLED, State.CANCELLED.label),
]


def _in_state(term: Term, _request: HttpRequest) -> Q:
    """Changes in a state, by its value or its word; "sending" is all that may still be sent."""
    states: list[str] = []
    for value in term.values:
        found = [key for key, word in STATES if value.casefold() in {key, str(word).casefold()}]
        if not found:
            known = ", ".join(str(key) for key, _word in STATES)
            raise OperatorError(
                gettext("“%(value)s” is not one of: %(known)s.") % {"value": value, "known": known}
            )
        states += queries.UNDER_WAY if found[0] == UNDER_WAY else found
    return Q(state__in=states)


OPERATORS = (
    operators.Operator("state", _("State"), _in_state, aliases=("état", "etat"), example="failed"),
    operators.text(
        "customer", _("Customer"), "customer_name", aliases=("client",), example="Contoso"
    ),
    operators.text(
        "reseller",
        _("Indirect reseller"),
        "reseller__name",
        aliases=("revendeur",),
        example="Fabrikam",
    ),
    operators.text("by", _("Asked by"), "actor__email", aliases=("par",), example="camille"),
    operators.past("asked", _("Asked"), "created_at", aliases=("demandé", "demande")),
)


class CommandFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter changes"),
        placeholder=_("Customer, product, person or number"),
        method="find",
    )
    state = filters.ChoiceFilter(
        label=_("State"), empty_label=_("Any state"), choices=STATES, method="in_state"
    )
    verb = filters.RequestChoiceFilter(
        label=_("Change"),
        empty_label=_("Any change"),
        choices_for=lambda _request: [(verb.name, verb.label) for verb in verbs.all_verbs()],
    )
    asked_after = filters.DateFilter(
        label=_("Asked since"), field_name="created_at", lookup_expr="date__gte"
    )

    def find(self, queryset: QuerySet[Command], _name: str, value: str) -> QuerySet[Command]:
        return queries.matching(queryset, value)

    def in_state(self, queryset: QuerySet[Command], _name: str, value: str) -> QuerySet[Command]:
        """Under way is what home counts: everything that may still be sent by itself."""
        states = queries.UNDER_WAY if value == UNDER_WAY else (value,)
        return queryset.filter(state__in=states)
