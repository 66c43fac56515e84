from django.urls import path

from orders.prices import loading, sheets, views

urlpatterns = [
    path("", views.books, name="price_books"),
    path("new/", views.new_book, name="price_book_new"),
    path("template/", loading.table, name="price_rules_table"),
    path("sheets/", sheets.sheets, name="price_sheets"),
    path("sheets/read/", sheets.read, name="price_sheets_read"),
    path("<int:pk>/", views.book, name="price_book"),
    path("<int:pk>/rename/", views.rename_book, name="price_book_rename"),
    path("<int:pk>/import/", loading.load, name="price_rules_import"),
    path("<int:pk>/rules/new/", views.new_rule, name="price_rule_new"),
    path("<int:book>/rules/<int:pk>/", views.rule, name="price_rule"),
    path("<int:book>/rules/<int:pk>/edit/", views.edit_rule, name="price_rule_edit"),
    path("<int:book>/rules/<int:pk>/end/", views.end_rule, name="price_rule_end"),
]
