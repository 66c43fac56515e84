"""The demo's mail backend: mails are kept for the mailbox page and never leave the machine."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from portal.notifications.models import MailboxMessage


class MailboxBackend(BaseEmailBackend):
    """Keeps each message as a row. Used by workers only: the web may not write there."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep them; how many."""
        rows = [
            MailboxMessage(
                to=to,
                sender=message.from_email,
                subject=message.subject[:255],
                text=str(message.body),
            )
            for message in email_messages
            for to in message.recipients()
        ]
        MailboxMessage.objects.bulk_create(rows)
        return len(email_messages)
