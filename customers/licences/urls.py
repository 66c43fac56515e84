from django.urls import path

from customers.licences import batches, verbs, views

urlpatterns = [
    path("licences/", views.licences, name="licences"),
    path("licences/assign/", batches.assign_file, name="licences_file"),
    path("licences/assign/template/", batches.assign_template, name="licences_file_template"),
    path("users/assign-licence/", batches.assign, name="users_assign_licence"),
    path("users/remove-licence/", batches.remove, name="users_remove_licence"),
    path("licences/<int:pk>/", views.licence, name="licence"),
    path("<int:pk>/licences/", views.customer_licences, name="customer_licences"),
    path("users/<int:pk>/licences/", views.user_licences, name="customer_user_licences"),
    path(
        "users/<int:pk>/licences/read/",
        views.user_licences_read,
        name="customer_user_licences_read",
    ),
    path("users/<int:pk>/licences/<uuid:sku>/assign/", verbs.assign, name="customer_user_assign"),
    path("users/<int:pk>/licences/<uuid:sku>/remove/", verbs.remove, name="customer_user_unassign"),
]
