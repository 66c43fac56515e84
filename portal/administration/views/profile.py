"""A person's own account: language, time zone, theme, password, API tokens."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import tokens
from portal.access.guard import route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.administration.forms.profile import PreferencesForm, ProfileForm, TokenForm
from portal.ui.pages import page


@route(effect="own")
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    """Name, language, time zone, theme."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return _in_language(redirect("profile"), request.user.language)
    if form.is_bound:
        # A refused form must not change the name and theme of the page around it.
        request.user.refresh_from_db()
    status = 422 if form.is_bound else 200
    return page(request, "administration/profile.html", {"form": form}, status=status)


@route(effect="own")
@require_POST
def preferences(request: Request) -> HttpResponse:
    """Theme or language from the menu under the name, then back to the page it was asked on."""
    form = PreferencesForm(request.POST, instance=request.user)
    if form.is_valid():
        form.save()
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, None):
        target = "/"
    return _in_language(redirect(target), request.user.language)


@route(effect="own", right="tokens.own")
@require_safe
def api_tokens(request: Request) -> HttpResponse:
    """The person's tokens, and the form of a new one."""
    return _tokens(request, TokenForm())


@route(effect="own", right="tokens.own")
@require_POST
def token_create(request: Request) -> HttpResponse:
    """Make a token and show it, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _tokens(request, form)
    asked = tokens.Asked(
        name=form.cleaned_data["name"],
        read_only=form.cleaned_data["read_only"] or request.scope.read_only,
        lifetime=form.lifetime,
    )
    token = tokens.create(Actor.from_request(request), request.user, asked)
    return _tokens(request, TokenForm(), token=token)


@route(effect="own", right="tokens.own")
@require_POST
def token_revoke(request: Request, key: str) -> HttpResponse:
    """End a token at once."""
    found = get_object_or_404(tokens.of(request.user), short=key)
    tokens.revoke(Actor.from_request(request), request.user, found)
    messages.success(request, _("Token %(name)s revoked.") % {"name": found.name})
    return redirect("tokens")


def _tokens(request: Request, form: TokenForm, *, token: str = "") -> HttpResponse:
    context = {"form": form, "token": token, "rows": tokens.of(request.user)}
    status = 422 if form.is_bound else 200
    response = page(request, "administration/profile_tokens.html", context, status=status)
    if token:
        response["Cache-Control"] = "no-store"
    return response


def _in_language(response: HttpResponse, language: str) -> HttpResponse:
    """Remember the language for the sign-in page too, where nobody is known yet."""
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax", secure=settings.HTTPS
        )
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response
