"""Lists: saved views, columns, exports, stored files, external ids."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "portal.lists"
    label = "lists"
