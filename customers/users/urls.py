from django.urls import path

from customers.licences.newcomers import views as newcomer
from customers.users import asking, batches, everywhere, views

urlpatterns = [
    path("users/", everywhere.all_users, name="all_customer_users"),
    path("users/delete-many/", batches.delete, name="users_delete"),
    path("<int:pk>/users/", views.users, name="customer_users"),
    path("<int:pk>/users/new/", newcomer.create, name="customer_user_create"),
    path("<int:pk>/users/new/products/", newcomer.products, name="customer_user_create_products"),
    path(
        "<int:pk>/users/new/products/read/",
        newcomer.read_products,
        name="customer_user_create_read_products",
    ),
    path("users/<int:pk>/", views.user, name="customer_user"),
    path("users/<int:pk>/refresh/", views.user_refresh, name="customer_user_refresh"),
    path("users/<int:pk>/edit/", asking.edit, name="customer_user_edit"),
    path("users/<int:pk>/delete/", asking.delete, name="customer_user_delete"),
    path("users/<int:pk>/restore/", asking.restore, name="customer_user_restore"),
    path("users/<int:pk>/password/", asking.reset_password, name="customer_user_password"),
    path("users/<int:pk>/roles/add/", asking.add_role, name="customer_user_role_add"),
    path(
        "users/<int:pk>/roles/<int:role>/remove/",
        asking.remove_role,
        name="customer_user_role_remove",
    ),
]
