"""How allauth behaves here.

Nobody signs up by themselves, no answer tells who has an account, and what happens at the door is in
the log.
"""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal.access import sessions
from portal.access.models import User
from portal.access.standing import home_reseller
from portal.activity.actors import Actor
from portal.activity.log import record
from portal.activity.personal import Personal, subject_of


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """People are created by an administrator or by ``manage.py create_user``."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing where the page itself shows what happened."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Note the sign-in, then go where the person was heading (local addresses only)."""
        sessions.note(request)
        record(
            "session.started",
            actor=Actor.from_request(request),
            reseller_id=home_reseller(user),
            target=("user", user.pk, ""),
        )
        return cast("HttpResponse", super().post_login(request, user, **kwargs))

    def logout(self, request: HttpRequest) -> None:
        """Note the sign-out while the person is still known."""
        if request.user.is_authenticated:
            user = request.user
            record(
                "session.ended",
                actor=Actor.from_request(request),
                reseller_id=home_reseller(user),
                target=("user", user.pk, ""),
            )
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a refused sign-in against the person it names; an unknown address leaves no trace of it."""
        user = User.objects.filter(email__iexact=str(credentials.get("email", ""))).first()
        actor = Actor(user_id=None, address=request.META.get("REMOTE_ADDR", ""))
        record(
            "session.refused",
            actor=actor,
            reseller_id=home_reseller(user) if user else None,
            target=("user", user.pk, "") if user else None,
            about=Personal(subject_of(user.pk), {"address": actor.address}) if user else None,
        )

    def set_password(self, user: User, password: str) -> None:
        """Keep a new password; every other session of the person ends with it."""
        super().set_password(user, password)
        record(
            "account.password_changed",
            actor=Actor.from_request(context.request),
            reseller_id=home_reseller(user),
            target=("user", user.pk, ""),
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("profile")
