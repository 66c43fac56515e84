"""What one emulated Partner Center is: its size, its seed, its manners and its one partner.

The partner's ids are constants, not seeded: a connection made once goes on working when the
emulator is started again with another seed.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

TENANT_ID = "7c1d3a52-9f4e-4b0a-8e21-5d6f0c2b9a10"
TENANT_DOMAIN = "borealis-distribution.onmicrosoft.com"
CLIENT_ID = "2f8b6e04-1a7d-4c39-b5e2-90d3c7a4f681"
CLIENT_SECRET = "emulator-secret-not-for-production"  # noqa: S105 - public by design
PARTNER_NAME = "Borealis Distribution"
PARTNER_MPN_ID = "4390100"

# Up to this many customers the estate is the varied small one; above, the even distributor one.
SMALL_ESTATE = 200
# What the application may do at Microsoft Graph: both permissions, reading alone, neither (403), or
# it has no token for Graph at all (AADSTS65001).
GRAPH = ("write", "read", "denied", "no_consent")
DISTRIBUTOR_SUBSCRIPTIONS = 20


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The command line of the emulator as values.

    ``subscriptions`` is the number per customer; None lets the seed choose (5 to 8 in a small
    estate, exactly 20 in a distributor's), ``users`` likewise (5 to 14, or 50; at least 5). ``now`` sets the clock, ``frozen`` stops it there.
    ``webhook_hosts`` may receive webhooks besides this machine.
    ``invoice_lines`` is how many lines the newest invoice has; None gives one for each subscription,
    as the earlier invoices have. ``rpm`` is the limit a minute and throttle class, 0 for none. ``state`` is the file that keeps
    changes over a restart. ``graph`` is one of ``GRAPH``.
    """

    customers: int = 60
    resellers: int = 3
    seed: int = 1
    subscriptions: int | None = None
    users: int | None = None
    invoice_lines: int | None = None
    latency_ms: float = 0.0
    rpm: int = 0
    graph: str = GRAPH[0]
    faults: str = ""
    now: datetime | None = None
    frozen: bool = False
    state: Path | None = None
    webhook_hosts: tuple[str, ...] = ()
    tenant_id: str = TENANT_ID
    tenant_domain: str = TENANT_DOMAIN
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET

    @property
    def is_small(self) -> bool:
        return self.customers <= SMALL_ESTATE
