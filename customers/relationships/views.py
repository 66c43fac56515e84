"""Pages: an invitation with its mail, ending a relationship, deleting a customer of a sandbox."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from customers.asking import pages
from customers.asking.pages import Asking, AskingForm, Consequence
from customers.creating.checks import ask
from customers.creating.places import RIGHT as CREATE
from customers.creating.places import Place, places
from customers.letters import languages, mailto
from customers.models import Customer
from customers.relationships import actions
from customers.relationships.letters import LETTERS
from portal.access.guard import route
from portal.access.http import Request
from portal.access.scope import Scope
from portal.mirror.models import QuestionState
from portal.mirror.questions import Parameters
from portal.outbox import clouds
from portal.partnercenter.operations.customers import GET_RELATIONSHIP_REQUEST
from portal.ui import formats
from portal.ui.pages import page

UNUSABLE = 422


class InvitationForm(forms.Form):
    """Whose customer the company becomes, and the language of the mail."""

    place = forms.ChoiceField(label=gettext_lazy("For"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"))

    def __init__(self, data: Any, found: list[Place]) -> None:
        """Offer the partner's own places and the languages of the mail, first of all the reader's."""
        super().__init__(data, initial={"language": formats.locale().language})
        choices = [(place.key, place.label) for place in found]
        self.fields["place"].choices = choices  # type: ignore[attr-defined] # a ChoiceField
        self.fields["language"].choices = languages(LETTERS)  # type: ignore[attr-defined]


@route(effect="write", right=CREATE)
@require_http_methods(["GET", "HEAD", "POST"])
def relationship_request(request: Request) -> HttpResponse:
    """The link with which a company accepts the partner as its reseller, in a mail ready to be sent."""
    found = inviting(request.scope)
    form = InvitationForm(request.POST if request.method == "POST" else None, found)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        place = next(one for one in found if one.key == form.cleaned_data["place"])
        context |= asked(place, form.cleaned_data["language"], request.scope.user_id)
    status = UNUSABLE if form.errors else 200
    return page(request, "customers/relationships/request.html", context, status)


def inviting(scope: Scope) -> list[Place]:
    """Where this person may invite: the partner's own, in clouds that have the call."""
    return [
        place
        for place in places(scope)
        if place.reseller is None and clouds.has(place.connection, GET_RELATIONSHIP_REQUEST.name)
    ]


def asked(place: Place, language: str, asker_id: int | None) -> dict[str, Any]:
    """The link in its mail, ``waits`` while it is asked for, or the ``error``."""
    question = ask(place, GET_RELATIONSHIP_REQUEST.name, Parameters(), asker_id)
    if not question.settled:
        return {"waits": True}
    if question.state != QuestionState.ANSWERED or not question.answer:
        return {"error": question.error or {}}
    url = str(question.answer.get("url", ""))
    subject, body = LETTERS[language].written(link=url)
    return {
        "url": url,
        "subject": subject,
        "body": body,
        "mailto": mailto(subject, body),
    }


class EndForm(AskingForm):
    """Only the reason."""


def _tell_end(customer: Customer, _values: dict[str, Any]) -> Consequence:
    return Consequence(
        title=_("End the relationship with %(name)s?") % {"name": customer.name},
        undo=_("Cannot be undone here: the customer would have to accept a new invitation."),
        button=_("End relationship"),
        points=[
            _("You no longer see the customer in Partner Center, and can sell it nothing."),
            _("Its tenant and its users stay. Suspended subscriptions end."),
            _("Its history stays in the portal."),
        ],
        danger=True,
    )


def _tell_delete(customer: Customer, _values: dict[str, Any]) -> Consequence:
    return Consequence(
        title=_("Delete %(name)s from the sandbox?") % {"name": customer.name},
        undo=_("Cannot be undone."),
        button=_("Delete sandbox customer"),
        points=[
            _("Everything in its tenant is deleted: users, licences, subscriptions."),
            _("It works in an integration sandbox only."),
        ],
        danger=True,
    )


END = Asking(
    title=gettext_lazy("End relationship"),
    right=actions.RIGHT,
    form=EndForm,
    tab="customer",
    tell=_tell_end,
    act=actions.end,
    may=actions.may_end,
)
DELETE = Asking(
    title=gettext_lazy("Delete sandbox customer"),
    right=actions.RIGHT,
    form=EndForm,
    tab="customer",
    tell=_tell_delete,
    act=actions.delete,
    may=actions.may_delete,
)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def end_relationship(request: Request, pk: int) -> HttpResponse:
    """The consequence, then the Command."""
    return pages.respond(request, pk, END)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def delete_customer(request: Request, pk: int) -> HttpResponse:
    """The consequence, then the Command; sandboxes only."""
    return pages.respond(request, pk, DELETE)
