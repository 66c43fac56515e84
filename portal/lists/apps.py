"""Lists: saved views, columns, exports, stored files, external ids."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "portal.lists"
    label = "lists"

    def ready(self) -> None:
        from portal.lists.recall import recall
        from portal.ui import shell

        shell.set_recall(recall)
