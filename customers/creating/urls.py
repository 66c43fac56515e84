from django.urls import path

from customers.creating import importing, views

urlpatterns = [
    path("new/", views.new_customer, name="customer_new"),
    path("new/<int:pk>/", views.created, name="new_customer"),
    path("import/", importing.import_file, name="customers_import"),
    path("import/template/", importing.import_template, name="customers_import_template"),
]
