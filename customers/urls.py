from django.urls import include, path

from customers import views

urlpatterns = [
    path("", views.customers, name="customers"),
    path("<int:pk>/", views.customer, name="customer"),
    path("<int:pk>/refresh/", views.customer_refresh, name="customer_refresh"),
    path("", include("customers.creating.urls")),
    path("", include("customers.relationships.urls")),
    path("", include("customers.profiles.urls")),
    path("", include("customers.agreements.urls")),
    path("", include("customers.domains.urls")),
    path("", include("customers.spending.urls")),
    path("", include("customers.notes.urls")),
    path("", include("customers.history.urls")),
    path("", include("customers.licences.urls")),
    path("", include("customers.users.urls")),
    path("", include("customers.permissions.urls")),
]
