"""What a person does with their lists: columns, views, exports. Their own things; nothing upstream."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, QueryDict
from django.utils import translation

from portal.access.models import User
from portal.access.scope import Scope
from portal.access.standing import home_reseller
from portal.lists import recall, tasks
from portal.lists.models import ColumnChoice, ExportJob, SavedView
from portal.ui import bulk, directory, exports

LONGEST_QUERY = 4000
# What belongs to one request and is never kept with a view.
_PASSING = ("view", "after", "export", "columns", "row", "csrfmiddlewaretoken")
# What tells a worker which rows a list had and how its file shall be: see Listing and Part.
_FOR_WORKERS = ("of", "codes")


def entry_of(scope: Scope, slug: str) -> directory.Entry:
    """A list that this scope may see; Http404 for an unknown one, PermissionDenied without its right."""
    entry = directory.get(slug)
    if entry is None:
        raise Http404
    if entry.right and not scope.can(entry.right):
        raise PermissionDenied
    return entry


def choose_columns(user: User, entry: directory.Entry, columns: Sequence[str]) -> list[str]:
    """Remember the columns of a list, in order; those that it does not have are left out."""
    valid = entry.listing.table.valid_columns(columns)
    ColumnChoice.objects.update_or_create(
        user=user, list_slug=entry.slug, defaults={"columns": valid}
    )
    recall.changed()
    return valid


def forget_columns(user: User, entry: directory.Entry) -> None:
    """Back to the columns that everybody begins with."""
    ColumnChoice.objects.filter(user=user, list_slug=entry.slug).delete()
    recall.changed()


def moved(columns: Sequence[str], move: str) -> list[str]:
    """Columns with one a place up or down ("up:seats"); as they are where that makes no sense."""
    way, _colon, name = move.partition(":")
    order = list(columns)
    if name not in order:
        return order
    place = order.index(name)
    other = place - 1 if way == "up" else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order


def clean_query(entry: directory.Entry, query: str) -> str:
    """The part of a query string that a list understands: its filters, order, size and columns."""
    given = QueryDict(query[:LONGEST_QUERY], mutable=True)
    filters = entry.listing.filters
    known = {"sort", "size", "cols", *(filters.base_filters if filters else ())}
    for name in list(given):
        if name in _PASSING or name not in known:
            del given[name]
    return given.urlencode()


def save_view(
    user: User, entry: directory.Entry, name: str, query: str, *, shared: bool
) -> SavedView:
    """Keep a filter under a name; the same name again replaces what it held."""
    view, _made = SavedView.objects.update_or_create(
        user=user,
        list_slug=entry.slug,
        name=name,
        defaults={
            "query": clean_query(entry, query),
            "shared": shared,
            "home_reseller_id": home_reseller(user),
        },
    )
    recall.changed()
    return view


def change_view(view: SavedView, entry: directory.Entry, act: str, query: str) -> None:
    """Keep a changed filter in a view, share it or not, or remove it; an unknown act does nothing."""
    if act == "remove":
        view.delete()
    elif act == "keep":
        view.query = clean_query(entry, query)
        view.save(update_fields=["query"])
    elif act in {"share", "unshare"}:
        view.shared = act == "share"
        view.save(update_fields=["shared"])
    recall.changed()


def own_view(user: User, key: str) -> SavedView:
    """A view of this person, locked; Http404 for anybody else's."""
    found = SavedView.objects.select_for_update().filter(user=user, key=key).first()
    if found is None:
        raise Http404
    return found


def start_export(request: HttpRequest, entry: directory.Entry, user: User) -> ExportJob:
    """Have a worker write a file; the columns and the query come from the form of the offer."""
    posted = request.POST
    given = posted.get("query", "")
    asked = QueryDict(given[:LONGEST_QUERY])
    query = QueryDict(clean_query(entry, given), mutable=True)
    query.update({name: asked[name] for name in _FOR_WORKERS if asked.get(name)})
    query["cols"] = ",".join(entry.listing.table.valid_columns(posted.getlist("column")))
    query.setlist("row", [str(row) for row in bulk.numbers(posted.getlist("row"))])
    job = ExportJob.objects.create(
        user=user,
        list_slug=entry.slug,
        format=posted["format"] if posted.get("format") in exports.TYPES else "csv",
        query=query.urlencode(),
        language=translation.get_language() or "en",
    )
    transaction.on_commit(lambda: tasks.write_export.delay(job.pk))
    return job
