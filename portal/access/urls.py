"""Signing in and out, and the language of somebody not signed in. Of allauth only this has an address."""

from allauth.account import views
from django.urls import path
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
    path("language/", route(effect="own", public=True)(set_language), name="set_language"),
]
