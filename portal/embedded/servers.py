"""Both servers as one: started in order, reached by three variables, stopped in reverse."""

from types import TracebackType
from typing import Self

from portal.embedded import keys, runtime
from portal.embedded.folder import DataFolder
from portal.embedded.postgres import OWNER, WEB, Postgres
from portal.embedded.valkey import Valkey


class Servers:
    """What the environment does not bring: Postgres without DATABASE_URL, Valkey without REDIS_URL.

    Enter it from the main thread, before other threads start. ``env`` then holds the variables that
    the portal needs and that were not set: addresses and generated keys.
    """

    def __init__(self, folder: DataFolder, *, fast: bool = False) -> None:
        self.folder = folder
        self.fast = fast
        self.env: dict[str, str] = {}
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def _start(self) -> None:
        self.env = keys.generated(self.folder.root)
        if not runtime.is_set("DATABASE_URL"):
            self.postgres = Postgres(self.folder, fast=self.fast)
            self.postgres.start()
            self.env["DATABASE_URL"] = self.postgres.url(WEB)
            self.env["MIGRATE_DATABASE_URL"] = self.postgres.url(OWNER)
        if not runtime.is_set("REDIS_URL"):
            self.valkey = Valkey(self.folder, fast=self.fast)
            self.valkey.start()
            self.env["REDIS_URL"] = self.valkey.url

    def stop(self) -> None:
        """Stop what was started; safe to call again."""
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()
