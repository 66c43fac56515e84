"""Customers and their indirect resellers."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"
