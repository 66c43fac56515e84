"""The page behind an invitation's link, and sending the link again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.access import people
from portal.access.guard import route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.administration.actions import invitations, offers
from portal.administration.forms.invitations import AcceptForm
from portal.ui.pages import page


@route(effect="own", public=True)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, key: str) -> HttpResponse:
    """Choose a password, a language and a time zone; whoever holds the link is the person."""
    guest = invitations.guest_of(key)
    if guest is None:
        return page(request, "administration/invitation_over.html", status=410)
    form = AcceptForm(request.POST or None, instance=guest)
    if request.method == "POST" and form.is_valid():
        actor = Actor.for_user(guest, via="web")
        invitations.accept(actor, guest, form.cleaned_data["password"])
        messages.success(request, _("The password is saved. Sign in with it."))
        return redirect("account_login")
    status = 422 if form.is_bound else 200
    context = {"form": form, "email": guest.email}
    response = page(request, "administration/invitation.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@route(effect="write", right=people.RIGHT)
@require_POST
def user_invite(request: Request, pk: int) -> HttpResponse:
    """Send the link again."""
    who = people.person(request.scope, pk)
    try:
        invitations.send_again(Actor.from_request(request), request.scope, who)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Invitation sent to %(email)s.") % {"email": who.email})
    return redirect("user", pk)


@route(effect="own")
@require_http_methods(["GET", "HEAD", "POST"])
def role_offer(request: Request, key: str) -> HttpResponse:
    """Accept a role that somebody offers to this account."""
    offer = offers.offer_of(key, request.user)
    if offer is None:
        return page(request, "administration/offer.html", {"offer": None}, status=410)
    if request.method == "POST":
        offers.accept(request.user, offer)
        messages.success(request, _("The role is yours."))
        return redirect("profile")
    return page(request, "administration/offer.html", {"offer": offer})
