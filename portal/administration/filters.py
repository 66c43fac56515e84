"""Filters of the Settings pages."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access import people
from portal.access.http import scope_of
from portal.access.models import User
from portal.access.roles import Role
from portal.access.scope import Scope
from portal.mirror.models import EventState
from portal.ui import filters


class PersonFilters(filters.FilterSet):
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
