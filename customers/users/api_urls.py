from django.urls import path

from customers.licences.newcomers import api as newcomer
from customers.users import api, api_verbs

urlpatterns = [
    path(
        "customers/<int:pk>/directory/", api.DirectoryView.as_view(), name="api-customer-directory"
    ),
    path(
        "customers/<int:pk>/read-users/",
        api.DirectoryReadView.as_view(),
        name="api-customer-read-users",
    ),
    path(
        "customers/<int:pk>/create-user/",
        newcomer.CreateNewcomerView.as_view(),
        name="api-customer-create-user",
    ),
    path(
        "customer-users/<int:pk>/update/",
        api_verbs.UpdateUserView.as_view(),
        name="api-customer-user-update",
    ),
    path(
        "customer-users/<int:pk>/delete/",
        api_verbs.DeleteUserView.as_view(),
        name="api-customer-user-delete",
    ),
    path(
        "customer-users/<int:pk>/restore/",
        api_verbs.RestoreUserView.as_view(),
        name="api-customer-user-restore",
    ),
    path(
        "customer-users/<int:pk>/reset-password/",
        api_verbs.ResetPasswordView.as_view(),
        name="api-customer-user-reset-password",
    ),
    path(
        "customer-users/<int:pk>/add-role/",
        api_verbs.AddRoleView.as_view(),
        name="api-customer-user-add-role",
    ),
    path(
        "customer-users/<int:pk>/remove-role/",
        api_verbs.RemoveRoleView.as_view(),
        name="api-customer-user-remove-role",
    ),
]
