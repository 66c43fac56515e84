"""The staff home and the search page."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.access.guard import route
from portal.access.http import Request
from portal.dashboard import (
    activity_log,
    figures,
    mirror_age,
    mirror_facts,
    palette,
    spending,
    stakes,
    todo,
)
from portal.outbox import queries as changes
from portal.ui import routing
from portal.ui import search as registry
from portal.ui.pages import page


@route(effect="read")
@require_safe
def home(request: Request) -> HttpResponse:
    """What needs me, the figures, the mirror's age, what happened lately."""
    scope = request.scope
    items, totals, facts = todo.items(scope), figures.totals(scope), mirror_facts.facts(scope)
    context = {
        "now": timezone.now(),
        "items": items,
        "today": todo.ending_today(items),
        "stakes": stakes.shown(scope),
        "mirror": mirror_age.of_request(request),
        "families": mirror_age.counted(scope, facts.records | figures.records(totals)),
        "facts": facts,
        "may_sync": scope.can("sync.view") and scope.sees_some_whole,
        "changes": changes.counts(scope),
        "totals": totals,
        "figures": spending.figures(scope),
        "recent": activity_log.recent(scope, 6) if scope.can("activity.view") else [],
    }
    return page(request, "dashboard/home.html", context)


@route(effect="read")
@require_safe
def search(request: Request) -> HttpResponse:
    """Everything that matches; a pasted identifier opens its record at once."""
    text = request.GET.get("q", "").strip()[:200]
    routed = routing.route(request, text)
    if routed is not None and len(routed.ways) == 1:
        return redirect(routed.ways[0].url)
    groups = registry.find(request, text) if text and routed is None else []
    exact = registry.only_exact(groups)
    if exact is not None:
        return redirect(exact.url)
    return page(request, "dashboard/search.html", {"q": text, "groups": groups, "routed": routed})


@route(effect="read")
@require_safe
def palette_options(request: Request) -> HttpResponse:
    """The lines of the palette for a text."""
    groups = palette.options(request, request.GET.get("q", "").strip()[:200])
    answer = page(request, "dashboard/_palette.html", {"groups": groups})
    answer["Cache-Control"] = "no-store"
    return answer
