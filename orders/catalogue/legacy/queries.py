"""Reads of legacy offers. The scope comes first."""

import datetime as dt

from django.db.models import Min, Q, QuerySet
from django.http import Http404

from orders.catalogue.models import Offer
from orders.catalogue.part import OFFERS
from orders.catalogue.queries import RIGHT
from portal.access.scope import Scope
from portal.mirror.models import Freshness
from portal.mirror.reading import for_people


def offers(scope: Scope) -> QuerySet[Offer]:
    """The live offers of the markets of this scope, with connection."""
    return for_people(_seen(scope, Offer.objects.filter(gone_at=None)), "connection")


def offer(scope: Scope, pk: int) -> Offer:
    """One offer, live or gone; 404 outside the scope."""
    found = for_people(_seen(scope, Offer.objects.filter(pk=pk)), "connection").first()
    if found is None:
        raise Http404
    return found


def addons(scope: Scope, offer: Offer) -> QuerySet[Offer]:
    """What can be added to it in its market, as far as the mirror knows."""
    rows = _market(scope, offer).filter(prerequisite_offers__contains=[offer.pc_id])
    return rows.order_by("name", "pk")


def bases(scope: Scope, offer: Offer) -> QuerySet[Offer]:
    """What it can be added to."""
    rows = _market(scope, offer).filter(pc_id__in=offer.prerequisite_offers or ())
    return rows.order_by("name", "pk")


def matching(queryset: QuerySet[Offer], text: str) -> QuerySet[Offer]:
    """Keep offers whose name holds the text, or whose id it is."""
    return queryset.filter(Q(name__icontains=text) | Q(pc_id=text.strip().lower()))


def complete_at(scope: Scope) -> dt.datetime | None:
    """The oldest moment for which a list of offers stands."""
    rows = Freshness.objects.filter(family=OFFERS).exclude(parent="")
    ids = scope.visible_connection_ids()
    if ids is not None:
        rows = rows.filter(connection__in=ids)
    found: dt.datetime | None = rows.aggregate(at=Min("complete_at"))["at"]
    return found


def _market(scope: Scope, offer: Offer) -> QuerySet[Offer]:
    rows = Offer.objects.filter(connection=offer.connection_id, market=offer.market, gone_at=None)
    return for_people(_seen(scope, rows))


def _seen(scope: Scope, rows: QuerySet[Offer]) -> QuerySet[Offer]:
    if not scope.can(RIGHT):
        return rows.none()
    ids = scope.narrowed(RIGHT).visible_connection_ids()
    return rows if ids is None else rows.filter(connection__in=ids)
