"""Signing in and out. Only what the portal uses of allauth has an address."""

from allauth.account import views
from django.urls import path

from portal.access.guard import route

urlpatterns = [
    path("sign-in/", route(effect="own", public=True)(views.login), name="account_login"),
    path("sign-out/", route(effect="own")(views.logout), name="account_logout"),
]
