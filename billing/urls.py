from django.urls import path

from billing import views

urlpatterns = [
    path("", views.invoices, name="invoices"),
    path("refresh/", views.invoices_refresh, name="invoices_refresh"),
    path("<int:pk>/", views.invoice, name="invoice"),
    path("<int:pk>/refresh/", views.invoice_refresh, name="invoice_refresh"),
    path("<int:pk>/by/<str:by>/", views.invoice_groups, name="invoice_groups"),
    path("<int:pk>/statement/", views.invoice_statement, name="invoice_statement"),
    path(
        "<int:pk>/statement/request/",
        views.invoice_statement_request,
        name="invoice_statement_request",
    ),
    path(
        "<int:pk>/statement/status/",
        views.invoice_statement_status,
        name="invoice_statement_status",
    ),
]
