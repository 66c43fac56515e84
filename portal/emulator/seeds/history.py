"""The audit records that a small estate starts with: recent purchases and seat increases."""

from datetime import datetime, timedelta

from portal.emulator.audit import AuditLog, Event
from portal.emulator.ids import guid, seeded
from portal.emulator.model import WINDOW, Account, Actor
from portal.emulator.settings import PARTNER_NAME, TENANT_DOMAIN

RECENT = timedelta(days=21)
STAFF = ("j.dupuis", "m.keller", "a.bennett")


def colleague(index: int) -> str:
    """Return a member of the partner's own staff who works in Partner Center by hand."""
    return f"{STAFF[index % len(STAFF)]}@{TENANT_DOMAIN}"


def write(log: AuditLog, accounts: list[Account], seed: int, anchor: datetime) -> None:
    """Write what happened in the last three weeks before ``anchor``, oldest first."""
    random = seeded(seed, "history")
    for account in accounts:
        for item in account.subscriptions.values():
            data = (("SubscriptionId", item.id), ("OfferId", item.item.offer_id))
            actor = Actor(colleague(random.randrange(9)), PARTNER_NAME, guid(random))
            moments = [lot.until - WINDOW for lot in item.lots]
            bought = anchor - RECENT < item.created
            if bought:
                order = (("OrderId", item.order_id), *data)
                event = Event(account.customer, "order", "create_order", "succeeded", data=order)
                log.write(event, actor, item.created)
            event = Event(
                account.customer, "subscription", "update_subscription", "succeeded", data=data
            )
            for moment in moments:
                if moment != item.created:
                    log.write(event, actor, moment)
    log.sort()
