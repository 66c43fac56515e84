"""Lists: saved views, columns, exports, stored files, external ids."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    name = "portal.lists"
    label = "lists"

    def ready(self) -> None:
        from portal.access.http import scope_of
        from portal.lists import below, kinds, objects, queries, searching
        from portal.lists.intake import reading
        from portal.lists.recall import recall
        from portal.lists.views.external import EXTERNAL_IDS
        from portal.ui import directory, menu, search, sentences, shell

        kinds.register()
        sentences.register(reading.WORDS)
        shell.set_recall(recall)
        for kind in below.TYPES:
            objects.register(kind)
        directory.register(
            directory.Entry(
                EXTERNAL_IDS,
                lambda request: queries.external_ids(scope_of(request)),
                "external_ids",
                right="customers.view",
                icon="link",
                order=80,
            )
        )
        search.register(searching.SOURCE)
        menu.register(
            menu.Item(
                _("External IDs"),
                "external_ids",
                icon="link",
                section=menu.OPERATIONS,
                order=80,
                right="customers.view",
            )
        )
