"""Addresses below /settings/users/."""

from django.urls import path

from portal.administration.views import invitations, users

urlpatterns = [
    path("", users.users, name="users"),
    path("new/", users.user_new, name="user_new"),
    path("<int:pk>/", users.user, name="user"),
    path("<int:pk>/name/", users.user_rename, name="user_rename"),
    path("<int:pk>/roles/", users.user_grant, name="user_grant"),
    path("<int:pk>/roles/<int:membership>/", users.user_withdraw, name="user_withdraw"),
    path("<int:pk>/sign-in/", users.user_active, name="user_active"),
    path("<int:pk>/invite/", invitations.user_invite, name="user_invite"),
    path("<int:pk>/password/", users.user_password, name="user_password"),
]
