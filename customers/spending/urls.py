from django.urls import path

from customers.spending import batches, views

urlpatterns = [
    path("many/budget/", batches.budgets, name="customers_budget"),
    path("many/budget/file/", batches.budgets_file, name="customers_budget_file"),
    path("many/budget/file/template/", batches.budgets_template, name="customers_budget_template"),
    path("<int:pk>/spending/", views.spending, name="customer_spending"),
    path("<int:pk>/spending/budget/", views.set_budget, name="customer_budget"),
    path(
        "<int:pk>/spending/entitlements/<int:row>/",
        views.entitlement,
        name="customer_entitlement",
    ),
]
