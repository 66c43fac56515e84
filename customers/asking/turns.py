"""The page of a verb, whatever it is about: its form, then what it will do, then the Command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.activity.actors import Actor
from portal.outbox.approvals.foretelling import WAITS
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.ui.pages import page

if TYPE_CHECKING:
    from customers.asking.pages import AskingForm, Consequence

UNUSABLE = 422


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One request of the page. ``may``, ``tell`` and ``act`` raise RefusedError.

    ``context`` has the page's title, row and crumbs; ``back`` is where it leads, ``waits`` what is said
    there while another change is under way. ``form`` gets what was sent, or None; ``more`` adds to a form.
    """

    template: str
    context: Mapping[str, Any]
    back: str
    waits: str
    may: Callable[[], None]
    form: "Callable[[Mapping[str, Any] | None], AskingForm]"
    tell: "Callable[[dict[str, Any]], Consequence]"
    act: Callable[[Actor, dict[str, Any], Asked], Command]
    more: "Callable[[AskingForm], Mapping[str, Any]]" = field(default=lambda _form: {})


def take(request: Request, turn: Turn) -> HttpResponse:
    """Show the form, the consequence, or ask and lead back."""
    try:
        turn.may()
    except RefusedError as error:
        return _show(request, turn, refused=str(error))
    if request.method != "POST":
        return _show(request, turn, form=turn.form(None))
    form = turn.form(request.POST)
    told: Consequence | None = None
    if form.is_valid() and "back" not in request.POST:
        try:
            told = turn.tell(form.values)
            if "confirmed" in request.POST:
                actor = Actor.from_request(request)
                return _done(request, turn, turn.act(actor, form.values, form.asked))
        except RefusedError as error:
            told = None
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _show(request, turn, form=form, told=told)


def _done(request: Request, turn: Turn, command: Command) -> HttpResponse:
    """Back to a page that shows the change from here on."""
    notes = {
        "waiting": turn.waits,
        "awaiting_approval": str(WAITS),
    }
    if command.state == "waiting" and command.follows_id:
        told = _("Change %(pk)s goes first. This one goes out once it is confirmed.")
        messages.info(request, told % {"pk": command.follows_id})
    elif command.state in notes:
        messages.info(request, notes[command.state])
    return redirect(turn.back)


def _show(
    request: Request,
    turn: Turn,
    *,
    form: "AskingForm | None" = None,
    told: "Consequence | None" = None,
    refused: str = "",
) -> HttpResponse:
    context = {
        **turn.context,
        "back": turn.back,
        "form": form,
        "consequence": told,
        "refused": refused,
        **(turn.more(form) if form is not None else {}),
    }
    unusable = bool(refused or (form is not None and form.errors))
    return page(request, turn.template, context, status=UNUSABLE if unusable else 200)
