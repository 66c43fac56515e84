"""What the palette offers for a subscription: the pages of its verbs, which ask before they act."""

from django.utils.translation import gettext_lazy as _

from portal.ui import search


def register() -> None:
    """Enter them; called once from AppConfig.ready."""
    for slug, label, url_name, icon in (
        ("change_quantity", _("Change seats…"), "subscription_quantity", "pencil"),
        ("rename", _("Rename…"), "subscription_rename", "pencil"),
        ("set_term_end", _("End of term…"), "subscription_term_end", "calendar-due"),
        ("schedule", _("Schedule a change…"), "subscription_schedule", "calendar-event"),
        ("cancel", _("Cancel subscription…"), "subscription_cancel", "ban"),
        ("suspend", _("Suspend…"), "subscription_suspend", "player-pause"),
        ("reactivate", _("Reactivate…"), "subscription_reactivate", "player-play"),
    ):
        act = search.Act(slug, label, url_name, right=f"subscriptions.{slug}", icon=icon)
        search.register_act("subscriptions", act)
