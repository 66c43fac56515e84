"""What the log can be narrowed by: person, part, customer, dates, text."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.http import scope_of
from portal.activity import kinds
from portal.activity.models import Happening, Source
from portal.dashboard.activity_log import queries, wording
from portal.ui import filters, operators
from portal.ui.operators import Term

Rows = QuerySet[Happening]
NOT_BY_US = "not_by_us"
SOURCES = [*Source.choices, (NOT_BY_US, _("Not by us"))]


def _people(request: HttpRequest) -> list[tuple[str, str]]:
    return queries.people(scope_of(request))


def _by(term: Term, request: HttpRequest) -> Q:
    """Who did it: people that the reader may choose, by a part of their name; accounts by their whole name."""
    known = queries.people(scope_of(request))
    wanted = [value.casefold() for value in term.values]
    ids = [pk for pk, name in known if any(value in name.casefold() for value in wanted)]
    return Q(actor_id__in=ids) | operators.any_of(Q(who__iexact=value) for value in term.values)


def _from(term: Term, _request: HttpRequest) -> Q:
    return operators.any_of(
        Q(source=Source.PARTNER_CENTER, certainty=None) if key == NOT_BY_US else Q(source=key)
        for key in operators.picked(term, SOURCES)
    )


def _in_part(term: Term, _request: HttpRequest) -> Q:
    areas = operators.picked(term, wording.areas())
    return operators.any_of(Q(kind__startswith=f"{area}.") for area in areas)


def _about(term: Term, request: HttpRequest) -> Q:
    """A customer by a part of its name, or by its tenant id."""
    found = operators.any_of(
        Q(name__icontains=value) | Q(pc_id=value.lower()) for value in term.values
    )
    return Q(customer_pc_id__in=queries.customers(scope_of(request)).filter(found).values("pc_id"))


OPERATORS = (
    operators.Operator("by", _("Who"), _by, aliases=("who", "par", "qui"), example="camille"),
    operators.Operator(
        "source", _("Source"), _from, aliases=("origine",), example=Source.PARTNER_CENTER
    ),
    operators.Operator(
        "part",
        _("Part"),
        _in_part,
        aliases=("partie",),
        example="subscription",
        words=lambda value: dict(wording.areas()).get(value, value),
    ),
    operators.Operator("customer", _("Customer"), _about, aliases=("client",), example="Contoso"),
    operators.text("target", _("Target"), "target_label", aliases=("cible",), example="E3"),
    operators.past("when", _("When"), "at", aliases=("quand",)),
)


class ActivityFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter activity"),
        placeholder=_("What, target, customer ID or correlation ID"),
        method="find",
    )
    person = filters.RequestChoiceFilter(
        label=_("Who"), field_name="actor_id", empty_label=_("Everybody"), choices_for=_people
    )
    source = filters.ChoiceFilter(
        label=_("Source"),
        empty_label=_("Portal and Partner Center"),
        choices=SOURCES,
        method="from_source",
    )
    area = filters.ChoiceFilter(
        label=_("Part"), empty_label=_("Everything"), choices=wording.areas, method="in_area"
    )
    customer = filters.TextFilter(label=_("Customer ID"), placeholder=_("Customer ID"), method="of")
    since = filters.DateFilter(label=_("From"), method="from_day")
    until = filters.DateFilter(label=_("To"), method="to_day")

    def find(self, queryset: Rows, _name: str, value: str) -> Rows:
        """Whole identifiers, the target's name, or the wording of the reader's language."""
        return queryset.filter(
            Q(correlation_id=value.lower())
            | Q(customer_pc_id=value.lower())
            | Q(target_label__icontains=value)
            | Q(kind__in=[*kinds.matching(value), *wording.operations_matching(value)])
            | Q(who__iexact=value)
        )

    def from_source(self, queryset: Rows, _name: str, value: str) -> Rows:
        """The portal's, Partner Center's, or what Partner Center tells and no entry does."""
        if value == NOT_BY_US:
            return queries.not_by_us(queryset)
        return queryset.filter(source=value)

    def in_area(self, queryset: Rows, _name: str, value: str) -> Rows:
        return queryset.filter(kind__startswith=f"{value}.")

    def of(self, queryset: Rows, _name: str, value: str) -> Rows:
        return queryset.filter(customer_pc_id=value.strip().lower())

    def from_day(self, queryset: Rows, _name: str, value: date) -> Rows:
        """From the reader's midnight on."""
        return queryset.filter(at__gte=_midnight(value))

    def to_day(self, queryset: Rows, _name: str, value: date) -> Rows:
        """Up to the end of the reader's day."""
        if value == date.max:
            return queryset
        return queryset.filter(at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
