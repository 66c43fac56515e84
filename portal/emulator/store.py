"""The state of one emulated partner, behind one lock that is held for moments only.

Customers exist from the start as light rows. Their subscriptions are made on first use and, as
long as nobody changed them, may be forgotten and made again: a distributor's estate of any size
takes bounded memory. What was changed stays.
"""

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from threading import RLock

from portal.emulator import alignment, changes, instructions, placing, render, transitions
from portal.emulator.audit import AuditLog, Event
from portal.emulator.azure_plans import AzurePlans
from portal.emulator.clock import Clock, pause
from portal.emulator.conversions import Conversions
from portal.emulator.directory.state import Directories
from portal.emulator.dossiers import Dossiers
from portal.emulator.errors import Refusal
from portal.emulator.ids import Ids
from portal.emulator.licences import Licences
from portal.emulator.migrating import Migrating
from portal.emulator.model import JSON, Account, Actor, Customer, Pending, Reseller, Subscription
from portal.emulator.order_changes import OrderChanges
from portal.emulator.permissions import Permissions
from portal.emulator.sales import Sales
from portal.emulator.seeds import people
from portal.emulator.seeds.estate import Estate
from portal.emulator.seeds.invoices import Book
from portal.emulator.settings import Settings
from portal.emulator.transfers import Transfers
from portal.emulator.transitions import Delay
from portal.emulator.upgrades import Upgrades
from portal.emulator.webhooks.hooks import Hooks

CLEAN_ACCOUNTS = 2_500


class Store:
    """``anchor`` is the moment that all dates are reckoned from; None takes the present hour."""

    def __init__(self, settings: Settings, clock: Clock, anchor: datetime | None = None) -> None:
        self.lock = RLock()
        self.settings = settings
        self.clock = clock
        self.ids = Ids(settings.seed)
        # Dates are reckoned from the full hour, so that two starts in one hour agree.
        self.anchor = anchor or clock.now().replace(minute=0, second=0, microsecond=0)
        self.delay = Delay()
        self.audit = AuditLog(settings.tenant_id, self.ids)
        # The application puts those in that really send.
        self.hooks = Hooks(lambda _message: None, frozenset())
        self.resellers: list[Reseller] = people.resellers(settings.seed, settings.resellers)
        self._directory = people.Directory(settings.seed, self.resellers)
        self._estate = Estate(settings, self.anchor)
        self.invoices = Book(settings, self.anchor, self._estate)
        self.dossiers = Dossiers()
        self.sales = Sales()
        self.customers: dict[str, Customer] = {}
        self.created = 0
        for _ in range(settings.customers):
            self.add_customer()
        self._touched: dict[str, Account] = {}
        self._clean: OrderedDict[str, Account] = OrderedDict()
        self._pages: dict[tuple[int, int], bytes] = {}
        self.azure_plans = AzurePlans(self)
        self.transfers = Transfers(self)
        self.migrating = Migrating(self)
        self.order_changes = OrderChanges(self)
        self.permissions = Permissions(self)
        self.directories = Directories(self)
        self.licences = Licences(self)
        self.upgrades = Upgrades(self)
        self.conversions = Conversions(self, self.upgrades)

    def restore(
        self,
        customers: list[Customer],
        subscriptions: dict[str, list[Subscription]],
        *,
        created: int,
    ) -> None:
        """Take over what an earlier run left: its customers, and the accounts it had touched."""
        while self.created < created:
            self.add_customer()
        self.customers = {customer.id: customer for customer in customers}
        self._pages = {}
        self._clean.clear()
        for customer_id, items in subscriptions.items():
            if customer_id in self.customers:
                account = Account(self.customers[customer_id], {item.id: item for item in items})
                account.due = transitions.account_due(account)
                self.touch(account)

    # Customers

    def add_customer(self) -> Customer:
        """Add the next customer of the seed and return it."""
        customer = self._directory.customer(self.created)
        self.created += 1
        self.customers[customer.id] = customer
        self._pages = {}
        return customer

    def found_customer(self, customer: Customer) -> None:
        """Take up a customer that the seed does not know; it starts without subscriptions."""
        self.created += 1
        self.customers[customer.id] = customer
        self.touch(Account(customer, {}))
        self._pages = {}

    def remove_customer(self, customer_id: str) -> None:
        """Let a customer go; what it permitted ends with it."""
        self.permissions.ended(self.customers[customer_id])
        del self.customers[customer_id]
        self._pages = {}

    def renamed(self) -> None:
        """Forget encoded customer lists after a change of a name."""
        self._pages = {}

    @property
    def pages(self) -> dict[tuple[int, int], bytes]:
        """Encoded pages of the unfiltered customer list, by (first index, size)."""
        return self._pages

    def customer(self, customer_id: str) -> Customer:
        """Return a customer. Raise ``Refusal`` (404, 60003) for an unknown id."""
        customer = self.customers.get(customer_id.lower())
        if customer is None:
            raise Refusal(60003)
        return customer

    def profile(self, customer: Customer) -> JSON:
        dossier = self.dossiers.of(customer.id)
        changed = {"billing": dossier.billing, "billingVersion": dossier.billing_version}
        seeded = dossier.founded or people.profile(self.settings.seed, customer)
        domains = [*seeded["customDomains"], *dossier.domains]
        return seeded | changed | {"customDomains": domains}

    # Subscriptions

    def account(self, customer_id: str) -> Account:
        """Return a customer's subscriptions as they stand now. The caller holds the lock."""
        customer = self.customer(customer_id)
        account = self._touched.get(customer.id) or self._clean_account(customer)
        if begun := self.sales.due(customer.id, self.clock.now()):
            placing.provision(account, begun)
            account.changed()
            account.due = transitions.account_due(account)
        transitions.settle(account, self.clock.now(), lambda item: self._finish(account, item))
        self.transfers.settle(account)
        self.migrating.settle(account)
        if account.is_touched and customer.id in self._clean:
            self._touched[customer.id] = self._clean.pop(customer.id)
        return account

    def _clean_account(self, customer: Customer) -> Account:
        account = self._clean.get(customer.id)
        if account is not None:
            self._clean.move_to_end(customer.id)
            return account
        made = self._estate.subscriptions(customer)
        account = Account(customer, {item.id: item for item in made})
        account.due = transitions.account_due(account)
        self._clean[customer.id] = account
        if len(self._clean) > CLEAN_ACCOUNTS:
            self._clean.popitem(last=False)
        return account

    def bought(self, customer_id: str) -> list[Subscription]:
        """Return a customer's subscriptions as they were bought, whatever has become of them since."""
        account = self.account(customer_id)
        of_seed = self.dossiers.of(account.customer.id).founded is None
        seeded = self._estate.subscriptions(account.customer) if of_seed else []
        return list({**account.subscriptions, **{item.id: item for item in seeded}}.values())

    def warm(self) -> None:
        """Make the subscriptions that fit into memory ahead of the first reader, unhurried."""
        for customer_id in list(self.customers)[:CLEAN_ACCOUNTS]:
            with self.lock:
                if customer_id in self.customers:
                    self.list_subscriptions(customer_id)
            pause(0.0005)

    def touched(self) -> list[Account]:
        return list(self._touched.values())

    def touch(self, account: Account) -> None:
        """Keep an account from now on: it is about to differ from its seed."""
        account.changed()
        self._touched[account.customer.id] = account
        self._clean.pop(account.customer.id, None)

    def subscription(self, customer_id: str, subscription_id: str) -> tuple[Account, Subscription]:
        """Return a subscription with its account. Raise ``Refusal`` (404) for an unknown id."""
        account = self.account(customer_id)
        item = account.subscriptions.get(subscription_id.lower())
        if item is None:
            raise Refusal(20003)
        return account, item

    def read_subscription(self, customer_id: str, subscription_id: str) -> bytes:
        """Return the encoded subscription and count the read for a change that waits for reads."""
        account, item = self.subscription(customer_id, subscription_id)
        pending = item.pending
        if pending is not None and pending.reads is not None:
            pending.reads -= 1
            if pending.reads < 0:
                self._finish(account, item)
        return render.encode(render.subscription_detail(item, self.clock.now()))

    def list_subscriptions(self, customer_id: str) -> bytes:
        """Return the encoded list of all subscriptions of a customer."""
        account = self.account(customer_id)
        if account.encoded is None:
            items = [render.subscription(item) for item in account.subscriptions.values()]
            account.encoded = render.encode(render.collection(items))
        return account.encoded

    def patch(
        self,
        customer_id: str,
        subscription_id: str,
        body: object,
        *,
        if_match: str | None,
        actor: Actor,
    ) -> JSON | None:
        """Change a subscription and return it; None if the change was only accepted (202).

        Raise ``Refusal`` for what the rules forbid; that, too, leaves an audit record.
        """
        account, item = self.subscription(customer_id, subscription_id)
        old = render.subscription(item)
        wanted = None
        try:
            wanted = self._checked(item, body, if_match)
        except Refusal:
            self.record(account, item, actor, "failed", old=old)
            raise
        self.touch(account)
        if wanted.quantity != item.quantity and self.delay.mode != "immediate":
            assert isinstance(body, dict)
            item.pending = self.delay.accept(body, actor, self.clock.now())
            account.due = transitions.account_due(account)
            self.record(account, item, actor, "progress", old=old)
            return None
        self._apply(account, item, wanted, actor)
        return render.subscription_detail(item, self.clock.now())

    def _checked(self, item: Subscription, body: object, if_match: str | None) -> changes.Wanted:
        if item.pending is not None:
            raise Refusal(900278)
        wanted = changes.read(body, item)
        changes.check_etag(item, if_match, wanted.etag)
        changes.check(item, wanted, self.clock.now())
        if wanted.schedule is not None and wanted.schedule != item.schedule:
            self._check_alignment(item, wanted.schedule)
        if wanted.partner_id != item.partner_id:
            self._check_partner(item, wanted.partner_id)
        return wanted

    def _check_alignment(self, item: Subscription, told: JSON) -> None:
        """A next term ends with a month or with another subscription (rules coterminosity, coterminosity_monthly)."""
        wanted, term = instructions.ends(told), instructions.target(item.item, told).term
        if wanted is None:
            return
        if alignment.is_late(term, wanted):
            raise Refusal(900245)
        if alignment.ends_alone(self.account(item.customer_id), item, term, wanted):
            raise Refusal(900246)

    def _check_partner(self, item: Subscription, mpn_id: str) -> None:
        customer = self.customer(item.customer_id)
        if mpn_id not in {reseller.mpn_id for reseller in customer.resellers}:
            raise Refusal(800098)

    def _apply(
        self, account: Account, item: Subscription, wanted: changes.Wanted, actor: Actor
    ) -> None:
        old = render.subscription(item)
        changes.apply(item, wanted, self.clock.now(), self.ids)
        account.due = transitions.account_due(account)
        account.changed()
        self.record(account, item, actor, "succeeded", old=old, new=render.subscription(item))

    def _finish(self, account: Account, item: Subscription) -> None:
        """Apply a change that was accepted earlier."""
        pending, item.pending = item.pending, None
        if pending is None:
            return
        try:
            wanted = replace(changes.read(pending.body, item), etag=None)
            changes.check(item, wanted, self.clock.now())
        except Refusal:
            self.record(account, item, pending.actor, "failed", old=render.subscription(item))
            return
        self._apply(account, item, wanted, pending.actor)

    def pending(self) -> list[tuple[Account, Subscription, Pending]]:
        """Return the changes that were accepted and are not applied yet."""
        return [
            (account, item, item.pending)
            for account in self._touched.values()
            for item in account.subscriptions.values()
            if item.pending is not None
        ]

    def finish_pending(self) -> int:
        """Apply every accepted change now and return how many there were."""
        waiting = self.pending()
        for account, item, _ in waiting:
            self._finish(account, item)
        return len(waiting)

    def record(
        self,
        account: Account,
        item: Subscription,
        actor: Actor,
        status: str,
        *,
        old: JSON,
        new: JSON | None = None,
    ) -> None:
        """Leave the audit record of an update of a subscription, and tell webhooks of one that succeeded."""
        data = (
            ("SubscriptionId", item.id),
            ("OfferId", item.item.offer_id),
            ("SubscriptionName", item.name),
            ("Quantity", str(item.quantity)),
        )
        event = Event(
            account.customer, "subscription", "update_subscription", status, old, new, data
        )
        self.audit.write(event, actor, self.clock.now())
        if status == "succeeded":
            uri = f"/webhooks/v1/customers/{account.customer.id}/subscriptions/{item.id}"
            self.hooks.changed("subscription-updated", "subscription", uri, self.clock.now())
