"""Filters of the Changes list."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.outbox import queries, verbs
from portal.outbox.models import Command
from portal.outbox.states import State
from portal.ui import filters

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


class CommandFilters(filters.FilterSet):
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
