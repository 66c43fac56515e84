from django.urls import path

from orders.prices import loading, sheets, views

urlpatterns = [
    path("price-books/", views.books, name="price_books"),
    path("price-books/new/", views.new_book, name="price_book_new"),
    path("price-books/template/", loading.table, name="price_rules_table"),
    path("price-books/<int:pk>/", views.book, name="price_book"),
    path("price-books/<int:pk>/rename/", views.rename_book, name="price_book_rename"),
    path("price-books/<int:pk>/import/", loading.load, name="price_rules_import"),
    path("price-books/<int:pk>/new-rule/", views.new_rule, name="price_rule_new"),
    path("price-rules/<int:pk>/", views.rule, name="price_rule"),
    path("price-rules/<int:pk>/edit/", views.edit_rule, name="price_rule_edit"),
    path("price-rules/<int:pk>/end/", views.end_rule, name="price_rule_end"),
    path("price-sheets/", sheets.sheets, name="price_sheets"),
    path("price-sheets/read/", sheets.read, name="price_sheets_read"),
]
