"""What the log says of price books."""

from django.utils.translation import gettext_lazy as _

from portal.activity import kinds


def register() -> None:
    """Enter the wording; called once from AppConfig.ready."""
    kinds.kind("price_book.created", _("Price book {book} created"))
    kinds.kind("price_book.renamed", _("Price book renamed to {book}"))
    kinds.kind("price_rule.added", _("Price rule for {what} added to {book}"))
    kinds.kind("price_rule.changed", _("Price rule for {what} in {book} changed"))
    kinds.kind("price_rule.ended", _("Price rule for {what} in {book} ended"))
    kinds.kind("price_rule.removed", _("Price rule for {what} removed from {book}"))
