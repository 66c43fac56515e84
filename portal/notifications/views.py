"""The inbox behind the bell, what a person is told of, the mails with their outcome and their texts."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guard import route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.notifications import actions, outbound, pages, queries, rewriting
from portal.notifications.forms import ChoicesForm, TextForm
from portal.notifications.models import MailState
from portal.notifications.tables import MailFilters, MailTable
from portal.ui import panels
from portal.ui.listing import Listing
from portal.ui.pages import page

SHOWN = 100
MAILS = Listing(
    table=MailTable,
    filters=MailFilters,
    title=gettext_lazy("Mails"),
    filename="mails",
    template="notifications/mails.html",
)


@route(effect="read")
@require_safe
def notifications(request: Request) -> HttpResponse:
    """What the person was told, newest first."""
    rows = list(queries.inbox(request.scope)[:SHOWN])
    context = {"rows": rows, "unread": any(row.read_at is None for row in rows), "shown": SHOWN}
    return page(request, "notifications/inbox.html", context)


@route(effect="own")
@require_POST
def open_one(request: Request, pk: int) -> HttpResponse:
    """Note it as read and go where it leads."""
    row = queries.notification(request.scope, pk)
    actions.read(request.user, row)
    return redirect(row.url or "notifications")


@route(effect="own")
@require_POST
def read_all(request: Request) -> HttpResponse:
    """Note everything as read."""
    actions.read_all(request.user, request.scope)
    return redirect("notifications")


@route(effect="own")
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: Request) -> HttpResponse:
    """What the person is told of, and how."""
    scope = request.scope
    form = ChoicesForm(
        request.POST or None, chosen=queries.channels(scope), hour=queries.digest_hour(scope)
    )
    if request.method == "POST" and form.is_valid():
        actions.choose(request.user, form.channels, form.cleaned_data["hour"])
        messages.success(request, _("Saved."))
        return redirect("notification_choices")
    status = 422 if form.is_bound else 200
    return page(request, "notifications/choices.html", {"form": form}, status=status)


@route(effect="read", right="connections.manage")
@require_safe
def mails(request: Request) -> HttpResponseBase:
    """Every mail with its outcome."""
    rows = queries.mails(request.scope)
    asked = request.GET.get("mail", "")
    context: dict[str, Any] = {
        "tabs": panels.tabs(request, "settings", None),
        "has_mailbox": settings.MAILBOX,
        "failed": rows.filter(pk=asked, state=MailState.FAILED).first()
        if asked.isdecimal() and len(asked) < 19
        else None,
    }
    return MAILS.respond(request, rows, context)


@route(effect="write", right="connections.manage")
@require_POST
def mail_retry(request: Request, pk: int) -> HttpResponse:
    """Put a failed mail back into the queue."""
    if outbound.try_again(queries.mail(request.scope, pk)):
        messages.success(request, _("The mail is sent again."))
    return redirect("mails")


@route(effect="read", right="connections.manage")
@require_safe
def mailbox(request: Request) -> HttpResponse:
    """The demo's mailbox; there is none where mails are sent."""
    if not settings.MAILBOX:
        raise Http404
    context = {
        "rows": queries.mailbox(request.scope)[:SHOWN],
        "tabs": panels.tabs(request, "settings", None),
    }
    return page(request, "notifications/mailbox.html", context)


@route(effect="read", right=queries.RIGHT)
@require_safe
def mail_templates(request: Request) -> HttpResponse:
    """The mails whose text can be rewritten."""
    context = {"rows": pages.rows(request.scope), "tabs": panels.tabs(request, "settings", None)}
    return page(request, "notifications/templates.html", context)


@route(effect="write", right=queries.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def mail_template(request: Request, kind: str, language: str) -> HttpResponse:
    """One text: rewrite it beside its preview."""
    edition = pages.edition_of(request, kind, language)
    rewriting.check(request.scope, edition)
    form = TextForm(request.POST or None, letter=edition.letter, initial=pages.present(edition))
    if request.method == "POST" and form.is_valid():
        rewriting.keep(Actor.from_request(request), request.scope, edition, form.text)
        messages.success(request, _("Saved."))
        return redirect(pages.url_of(edition))
    context = pages.edit_context(request.scope, edition, form)
    status = 422 if form.is_bound else 200
    return page(request, "notifications/template.html", context, status=status)


@route(effect="write", right=queries.RIGHT)
@require_POST
def mail_template_default(request: Request, kind: str, language: str) -> HttpResponse:
    """Go back to the default text."""
    edition = pages.edition_of(request, kind, language)
    if rewriting.drop(Actor.from_request(request), request.scope, edition):
        messages.success(request, _("The default text is back."))
    return redirect(pages.url_of(edition))


@route(effect="read", right=queries.RIGHT)
@require_POST
def mail_template_preview(request: Request, kind: str, language: str) -> HttpResponse:
    """The mail as it would be now; nothing is kept."""
    edition = pages.edition_of(request, kind, language)
    rewriting.check(request.scope, edition)
    form = TextForm(request.POST, letter=edition.letter)
    context = pages.preview_context(edition, form)
    return page(request, "notifications/_preview.html", context)
