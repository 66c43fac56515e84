"""Tell people something, in the caller's transaction: what is rolled back was told to nobody."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.access.models import User
from portal.notifications import kinds, letters, outbound, unread
from portal.notifications.models import Channel, Choice, Mail, Notification


@dataclass(frozen=True, kw_only=True)
class News:
    """What is told. ``url`` is a local address. ``connection_id`` and ``reseller_id`` say where it lies."""

    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    connection_id: int | None = None
    reseller_id: int | None = None


def notify(news: News, recipients: Iterable[User]) -> list[Notification]:
    """Tell each recipient as they chose: in the portal, by mail at once or once a day too, or not at all.

    KeyError for a kind that no app has entered. People who cannot sign in are told nothing.
    """
    return notify_each([(news, recipients)])


def notify_each(told: Iterable[tuple[News, Iterable[User]]]) -> list[Notification]:
    """The same for many things at once, in as many queries as for one."""
    pairs = [(news, {user.pk: user for user in people if user.is_active}) for news, people in told]
    for news, _people in pairs:
        if not kinds.known(news.kind):
            raise KeyError(f"{news.kind!r} is not a registered kind of notification")
    everybody = {pk: user for _news, people in pairs for pk, user in people.items()}
    channel = _channels({news.kind for news, _people in pairs}, everybody)
    listed = [
        (news, user, chosen)
        for news, people in pairs
        for user in people.values()
        if (chosen := channel(news.kind, user.pk)) != Channel.NONE
    ]
    rows = Notification.objects.bulk_create(
        [_row(news, user, awaits_digest=chosen == Channel.DIGEST) for news, user, chosen in listed]
    )
    for user in {user.pk: user for _news, user, _chosen in listed}.values():
        unread.forget(user)
    at_once = [(news, user) for news, user, chosen in listed if chosen == Channel.MAIL]
    outbound.queue_all(_written(user.email, user.language, news) for news, user in at_once)
    return rows


def mail(to: str, language: str, news: News, *, outside: bool = False) -> Mail:
    """Put one mail into the queue, in the recipient's language; ``outside``: to no portal user."""
    return outbound.queue_all([_written(to, language, news, outside=outside)])[0]


def _written(to: str, language: str, news: News, *, outside: bool = False) -> Mail:
    kind = kinds.get(news.kind)
    with translation.override(language or settings.LANGUAGE_CODE):
        parts = [kind.body(news.parameters)]
        if news.url:
            parts.append(settings.PUBLIC_URL + news.url)
        if kind.choosable and not outside:
            account = f"{settings.PUBLIC_URL}/account/notifications/"
            parts.append(_("Choose what you are told of: %(url)s") % {"url": account})
        subject, text = kind.title(news.parameters), "\n\n".join(parts)
        written = translation.get_language() or settings.LANGUAGE_CODE
    return outbound.mail(to, subject, text + "\n", outbound.About(language=written, kind=news.kind))


def letter(to: str, language: str, news: News) -> Mail:
    """Put one mail into the queue whose text staff may have rewritten (``portal.notifications.letters``).

    ``news.kind`` is the letter's slug (KeyError if no app has entered it), the parameters fill its
    places, ``url`` the place ``link``; ``connection_id`` says whose text is used.
    """
    found = letters.get(news.kind)
    written = letters.language_of(language)
    with translation.override(written):
        values = {**news.parameters, "link": settings.PUBLIC_URL + news.url}
        text = letters.text_of(found, written, news.connection_id).filled(values)
    return outbound.queue(
        to, text.subject, text.body, outbound.About(language=written, kind=news.kind)
    )


def _channels(slugs: Collection[str], people: Collection[int]) -> Callable[[str, int], str]:
    """How each of these people wants to be told of each of these kinds."""
    choosable = [slug for slug in slugs if kinds.get(slug).choosable]
    rows = Choice.objects.filter(user__in=people, kind__in=choosable) if choosable else ()
    chosen = {(row.kind, row.user_id): row.channel for row in rows}
    return lambda slug, user_id: chosen.get((slug, user_id), kinds.get(slug).default)


def _row(news: News, user: User, *, awaits_digest: bool) -> Notification:
    return Notification(
        user=user,
        kind=news.kind,
        parameters=dict(news.parameters),
        url=news.url,
        about_connection=news.connection_id,
        about_reseller=news.reseller_id,
        awaits_digest=awaits_digest,
    )
