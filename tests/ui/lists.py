"""A small list over the portal's users, and an address for each name that the frame links to."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path

from portal.access.models import User
from portal.ui import filters, tables
from portal.ui.listing import Listing


class PeopleTable(tables.Table):
    caption = "People"
    default_sort = "email"
    empty = tables.Empty("Nobody here", "Add somebody.", icon="users")

    email = tables.NameColumn("E-mail", sort="email", detail="name")
    name = tables.Column("Name", sort="name", priority=2)
    last = tables.DateTimeColumn("Last sign-in", accessor="last_login", sort="last_login")
    theme = tables.StatusColumn("Theme", priority=3)
    secret = tables.Column("Language", accessor="language", visible=False)
    shown = tables.Column("On the page alone", accessor="theme", export=False)

    def render_name(self, record: User, value: str) -> str:
        return f"<{value}>"

    def value_name(self, record: User, value: str) -> str:
        return value


class PeopleFilters(filters.FilterSet):
    q = filters.TextFilter(label="Filter people", placeholder="E-mail", method="find")
    theme = filters.ChoiceFilter(
        label="Theme", empty_label="Any theme", choices=[("dark", "Dark"), ("light", "Light")]
    )
    language = filters.RequestChoiceFilter(
        label="Language",
        empty_label="Any",
        choices_for=lambda request: [(str(request.method), "It")],
    )
    since = filters.DateFilter(label="Since", field_name="created_at", lookup_expr="date__gte")

    def find(self, queryset, name, value):
        return queryset.filter(email__icontains=value)


PEOPLE = Listing(table=PeopleTable, filters=PeopleFilters, title="People", filename="people")


def people(request: HttpRequest) -> HttpResponseBase:
    return PEOPLE.respond(request, User.objects.all())


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("people/", people, name="people"),
    path("people/<int:pk>/", nothing, name="person"),
    path("people/<int:pk>/more/", nothing, name="person-more"),
    *(
        path(f"{name}/", nothing, name=name)
        for name in ("home", "search", "account_login", "account_logout", "preferences")
    ),
]
