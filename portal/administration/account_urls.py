"""Addresses below /account/: what belongs to the person signed in."""

from allauth.account import views as allauth
from django.urls import path

from portal.access.guard import route
from portal.administration.views import invitations, profile, sessions

urlpatterns = [
    path("", profile.profile, name="profile"),
    path("preferences/", profile.preferences, name="preferences"),
    path("password/", route(effect="own")(allauth.password_change), name="account_change_password"),
    path("invitation/<str:key>/", invitations.invitation, name="invitation"),
    path("offer/<str:key>/", invitations.role_offer, name="role_offer"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/end/", sessions.sessions_end, name="sessions_end"),
    path("tokens/", profile.api_tokens, name="tokens"),
    path("tokens/new/", profile.token_create, name="token_create"),
    path("tokens/<slug:key>/revoke/", profile.token_revoke, name="token_revoke"),
]
