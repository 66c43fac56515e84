"""Tell each person of what is theirs to decide: once for each subject, in one transaction, under a lock.

Whoever is told of more than a few things of a kind is told how many, not of each.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import connection, transaction
from django.utils import timezone

from orders import actions
from orders.models import TermAlert
from orders.renewals.alerts import finding, kinds
from orders.renewals.alerts.finding import Subject
from portal.access.models import User
from portal.access.scope import Grant, Scope
from portal.notifications.telling import News, notify_each

RIGHTS = {
    kinds.UNDECIDED: actions.RIGHTS[actions.SET_TERM_END],
    kinds.RENEWED: actions.RIGHTS[actions.CHANGE_QUANTITY],
    kinds.WINDOW: actions.RIGHTS[actions.CHANGE_QUANTITY],
}
EACH = 10
"""More things of a kind than this are told to a person in one."""
LOCK = "renewals:alerts"
Place = tuple[int | None, int | None]
Holders = dict[Place, set[int]]


def tell() -> int:
    """Tell what is new; how many subjects. Nothing where another worker is at it."""
    with transaction.atomic():
        if not _alone():
            return 0
        fresh = _new(finding.subjects())
        if not fresh:
            return 0
        notify_each(_addressed(fresh))
        TermAlert.objects.bulk_create(
            [_told(subject) for subject in fresh],
            update_conflicts=True,
            unique_fields=["subscription", "kind"],
            update_fields=["about", "told_at"],
        )
    return len(fresh)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [LOCK])
        return bool(cursor.fetchone()[0])


def _new(found: Sequence[Subject]) -> list[Subject]:
    rows = TermAlert.objects.filter(subscription__in={subject.row.pk for subject in found})
    told = set(rows.values_list("subscription", "kind", "about"))
    return [one for one in found if (one.row.pk, one.kind, one.about) not in told]


def _told(subject: Subject) -> TermAlert:
    return TermAlert(
        subscription=subject.row,
        kind=subject.kind,
        about=subject.about,
        told_at=timezone.now(),
    )


def _addressed(fresh: Iterable[Subject]) -> Iterator[tuple[News, list[User]]]:
    """Each subject with whom it is told to; to whom it would be many of a kind, their number."""
    users = User.objects.with_memberships().filter(is_active=True)
    people = {user.pk: (user, Scope.for_user(user)) for user in users}
    holders = _holders(scope for _user, scope in people.values())
    listed: dict[tuple[int, str], list[Subject]] = defaultdict(list)
    for subject in fresh:
        for pk in _recipients(subject, holders):
            listed[pk, subject.kind].append(subject)
    alike: dict[tuple[str, int, bool], list[User]] = defaultdict(list)
    for (pk, kind), subjects in listed.items():
        user, scope = people[pk]
        if len(subjects) > EACH:
            yield _number(kind, subjects), [user]
            continue
        for subject in subjects:
            whole = scope.sees_whole(subject.row.connection_id)
            alike[kind, subject.row.pk, whole].append(user)
    by_key = {(subject.kind, subject.row.pk): subject for subject in fresh}
    for (kind, row_pk, whole), told in alike.items():
        yield _news(by_key[kind, row_pk], whole=whole), told


def _recipients(subject: Subject, holders: Mapping[str, Holders]) -> set[int]:
    """Who may decide on it. Of idle seats that may be another seller's, a reseller's staff are not told."""
    row, of_kind = subject.row, holders[subject.kind]
    found = of_kind[None, None] | of_kind[row.connection_id, None]
    if row.reseller_id is not None and not (subject.kind == kinds.RENEWED and subject.shared):
        found = found | of_kind[None, row.reseller_id]
    return found


def _holders(scopes: Iterable[Scope]) -> dict[str, Holders]:
    """Who holds the right of each kind, by where: everywhere, over a connection, within a reseller."""
    found: dict[str, Holders] = {slug: defaultdict(set) for slug in RIGHTS}
    for scope in scopes:
        if scope.read_only or scope.user_id is None:
            continue
        for grant in scope.grants:
            for slug, right in RIGHTS.items():
                if right in grant.rights:
                    found[slug][_place(grant)].add(scope.user_id)
    return found


def _place(grant: Grant) -> Place:
    if grant.reseller_id is not None:
        return (None, grant.reseller_id)
    return (grant.connection_id, None)


def _news(subject: Subject, *, whole: bool) -> News:
    told = dict(subject.told)
    if subject.shared and not whole:
        told["idle"] = None
    row = subject.row
    return News(
        kind=subject.kind,
        parameters=told,
        url=row.get_absolute_url(),
        connection_id=row.connection_id,
        reseller_id=row.reseller_id,
    )


def _number(kind: str, subjects: Sequence[Subject]) -> News:
    closes = min(str(subject.told["closes"]) for subject in subjects)
    return News(
        kind=kind,
        parameters={"number": len(subjects), "closes": closes},
        url=finding.url_of(kind),
    )
