"""Filters of the Settings pages."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.access import people
from portal.access.http import scope_of
from portal.access.models import User
from portal.access.roles import Role
from portal.access.scope import Scope
from portal.mirror.models import EventState
from portal.ui import filters, operators
from portal.ui.operators import Term


def _in_role(term: Term, request: HttpRequest) -> Q:
    """Held where the reader manages; what somebody holds elsewhere does not show."""
    held = people.held(scope_of(request)).filter(role__in=operators.picked(term, Role.choices))
    return Q(pk__in=held.values("user"))


def _of_reseller(term: Term, request: HttpRequest) -> Q:
    named = operators.any_of(Q(reseller__name__icontains=value) for value in term.values)
    return Q(pk__in=people.held(scope_of(request)).filter(named).values("user"))


OPERATORS = (
    operators.Operator("role", _("Role"), _in_role, aliases=("rôle",), example=Role.SALES.value),
    operators.Operator(
        "reseller",
        _("Indirect reseller"),
        _of_reseller,
        aliases=("revendeur",),
        example="Fabrikam",
    ),
    operators.flag("signin", _("Sign-in"), "is_active", aliases=("actif",)),
    operators.past("lastsignin", _("Last sign-in"), "last_login", aliases=("derniereconnexion",)),
    operators.text("email", _("E-mail"), "email", aliases=("courriel",), example="example.com"),
)


class PersonFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(label=_("Filter users"), placeholder=_("Name or e-mail"), method="find")
    role = filters.ChoiceFilter(
        label=_("Role"), empty_label=_("Any role"), choices=Role.choices, method="with_role"
    )

    @property
    def scope(self) -> Scope:
        """What the reader manages."""
        return scope_of(self.request) if self.request else Scope.nobody()

    def find(self, queryset: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        return queryset.filter(Q(name__icontains=value) | Q(email__icontains=value))

    def with_role(self, queryset: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Held where the reader manages; what somebody holds elsewhere does not show."""
        return queryset.filter(pk__in=people.held(self.scope).filter(role=value).values("user"))


class WebhookFilters(filters.FilterSet):
    state = filters.ChoiceFilter(
        label=_("State"), empty_label=_("Any state"), choices=EventState.choices
    )
