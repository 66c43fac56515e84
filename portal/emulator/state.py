"""Keeping an emulated partner over a restart: what differs from its seed, in one file.

Without it a demo that is started again would have forgotten every change, and all its dates would
have moved with the hour of the start.
"""

import contextlib
import os
from datetime import datetime
from pathlib import Path

import msgspec

from portal.emulator.azure_plans import AzureSubscription
from portal.emulator.directory.model import Directory
from portal.emulator.dossiers import Dossier
from portal.emulator.licences import Holders
from portal.emulator.migration_records import Migration, Schedule
from portal.emulator.model import JSON, Customer, Subscription
from portal.emulator.order_changes import Change
from portal.emulator.permissions import Relationship
from portal.emulator.sales import Cart, Lag, Placed, Sales
from portal.emulator.settings import Settings
from portal.emulator.store import Store
from portal.emulator.transfers import Transfer
from portal.emulator.webhooks.hooks import Registration


class Saved(msgspec.Struct, kw_only=True):
    """The content of a state file. ``estate`` tells for which estate it was written."""

    estate: list[int | None]
    anchor: datetime
    created: int
    customers: list[Customer]
    subscriptions: dict[str, list[Subscription]]
    audit: list[tuple[datetime, JSON]]
    webhook: Registration | None = None
    dossiers: list[Dossier] = []
    used_codes: dict[str, int] = {}
    directories: list[Directory] = []
    licences: dict[str, Holders] = {}
    permissions: dict[str, list[Relationship]] = {}
    carts: dict[str, Cart] = {}
    placed: dict[str, list[Placed]] = {}
    lag: Lag = Lag()
    papers: dict[str, list[JSON]] = {}
    order_changes: dict[str, Change] = {}
    azure_plans: dict[str, list[AzureSubscription]] = {}
    transfers: dict[str, list[Transfer]] = {}
    migrations: dict[str, list[Migration]] = {}
    schedules: dict[str, list[Schedule]] = {}


def _estate(settings: Settings) -> list[int | None]:
    return [settings.seed, settings.customers, settings.resellers, settings.subscriptions]


def save(store: Store, path: Path) -> None:
    """Write the state to ``path``, whole or not at all. Raise OSError."""
    with store.lock:
        saved = Saved(
            estate=_estate(store.settings),
            anchor=store.anchor,
            created=store.created,
            customers=list(store.customers.values()),
            subscriptions={
                account.customer.id: list(account.subscriptions.values())
                for account in store.touched()
            },
            audit=store.audit.records(),
            webhook=store.hooks.registration,
            dossiers=store.dossiers.changed(),
            used_codes=store.dossiers.used_codes,
            directories=store.directories.changed(),
            licences=store.licences.changed(),
            permissions=store.permissions.changed(),
            carts=store.sales.carts,
            placed=store.sales.placed,
            lag=store.sales.lag,
            papers=store.sales.papers,
            order_changes=store.order_changes.changed(),
            azure_plans=store.azure_plans.changed(),
            transfers=store.transfers.changed(),
            migrations=store.migrating.migrations,
            schedules=store.migrating.schedules,
        )
        content = msgspec.json.encode(saved)
    unfinished = path.with_suffix(f"{path.suffix}.new")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def anchor(settings: Settings, path: Path) -> datetime | None:
    """Return the moment that the dates of the kept estate are reckoned from, None without one."""
    saved = _read(settings, path)
    return saved.anchor if saved else None


def load(store: Store, path: Path) -> bool:
    """Put the kept state into a new store; False if there is none for this estate."""
    saved = _read(store.settings, path)
    if saved is None:
        return False
    with store.lock:
        store.restore(saved.customers, saved.subscriptions, created=saved.created)
        store.audit.restore(saved.audit)
        store.hooks.registration = saved.webhook
        store.dossiers.restore(saved.dossiers)
        store.dossiers.used_codes = saved.used_codes
        store.directories.restore(saved.directories)
        store.licences.restore(saved.licences)
        store.permissions.restore(saved.permissions)
        store.sales = Sales(saved.carts, saved.placed, saved.lag, papers=saved.papers)
        store.order_changes.restore(saved.order_changes)
        store.azure_plans.restore(saved.azure_plans)
        store.transfers.restore(saved.transfers)
        store.migrating.migrations = saved.migrations
        store.migrating.schedules = saved.schedules
        # Ids go on where no earlier run has been.
        store.ids.leap(store.settings.seed, len(saved.audit), os.getpid())
    return True


def _read(settings: Settings, path: Path) -> Saved | None:
    with contextlib.suppress(FileNotFoundError, msgspec.MsgspecError):
        saved = msgspec.json.decode(path.read_bytes(), type=Saved)
        if saved.estate == _estate(settings):
            return saved
    return None
