"""Signing in and out, and the language of somebody not signed in. Of allauth only this has an address."""

from allauth.account import views
from django.urls import path, re_path
from django.views.i18n import set_language

from portal.access.guard import route

urlpatterns = [
    path("sign-in/", route(effect="own", public=True)(views.login), name="account_login"),
    path("sign-out/", route(effect="own")(views.logout), name="account_logout"),
    path(
        "sign-in/barred/",
        route(effect="read", public=True)(views.account_inactive),
        name="account_inactive",
    ),
    path(
        "password/reset/",
        route(effect="own", public=True)(views.password_reset),
        name="account_reset_password",
    ),
    path(
        "password/reset/sent/",
        route(effect="read", public=True)(views.password_reset_done),
        name="account_reset_password_done",
    ),
    # Opening the link keeps its key in the session, so that it stands in no address afterwards.
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        route(effect="own", public=True, get_writes=True)(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        route(effect="read", public=True)(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("language/", route(effect="own", public=True)(set_language), name="set_language"),
]
