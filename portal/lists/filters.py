"""External ids in the filters of other lists, and the filters of their own list."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.access.http import scope_of
from portal.lists import objects
from portal.lists.models import ExternalId
from portal.lists.models.external import ExternalKind
from portal.ui import filters, operators
from portal.ui.operators import Operator, Term


def external_operator(object_type: str) -> Operator:
    """``external:value``: the objects that some system calls so; ``external:system/value`` in one."""

    def condition(term: Term, request: HttpRequest) -> Q:
        rows = scope_of(request).filter(ExternalId.objects.filter(object_type=object_type))
        found = operators.any_of(_named(value) for value in term.values)
        return Q(pk__in=rows.filter(found).values("object_id"))

    return Operator(
        "external", _("External ID"), condition, aliases=("externe", "ref"), example="C-1001"
    )


def _named(value: str) -> Q:
    system, slash, rest = value.partition("/")
    if slash:
        return Q(system__iexact=system, value__iexact=rest) | Q(value__iexact=value)
    return Q(value__iexact=value)


def _of_type(term: Term, _request: HttpRequest) -> Q:
    known = [(kind.slug, kind.label) for kind in objects.all_types()]
    return Q(object_type__in=operators.picked(term, known))


OPERATORS = (
    operators.text(
        "system", _("System"), "system", lookup="iexact", aliases=("système",), example="ERP"
    ),
    operators.choice("kind", _("Kind"), "kind", ExternalKind.choices, aliases=("genre",)),
    operators.Operator("of", _("Object type"), _of_type, aliases=("objet",), example="customer"),
    operators.text(
        "reseller",
        _("Indirect reseller"),
        "reseller__name",
        aliases=("revendeur",),
        example="Fabrikam",
    ),
    operators.text(
        "connection", _("Connection"), "connection__name", aliases=("connexion",), example="contoso"
    ),
    operators.day("until", _("Valid to"), "valid_to", moment=False, aliases=("jusque",)),
)


class ExternalIdFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter external IDs"),
        placeholder=_("Value, system or Partner Center ID"),
        method="find",
    )
    kind = filters.ChoiceFilter(
        label=_("Kind"), empty_label=_("Any kind"), choices=ExternalKind.choices
    )

    def find(self, queryset: QuerySet[ExternalId], name: str, value: str) -> QuerySet[ExternalId]:
        return queryset.filter(
            Q(value__icontains=value) | Q(system__iexact=value) | Q(object_pc_id__iexact=value)
        )
