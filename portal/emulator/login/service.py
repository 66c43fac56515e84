"""One call to the sign-in service: its tenant, its form, and who may ask."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from portal.emulator.login.refusals import LoginRefused

if TYPE_CHECKING:
    from portal.emulator.app import Emulator

# Names that stand for whichever tenant the person belongs to.
COMMON = frozenset({"common", "organizations"})


@dataclass
class LoginCall:
    request: Request
    emulator: "Emulator"
    tenant: str

    @cached_property
    def form(self) -> dict[str, str]:
        """The parameters, whether they came in the address or in the body."""
        return {**self.request.args.to_dict(), **self.request.form.to_dict()}

    @property
    def default_user(self) -> str:
        return f"admin@{self.emulator.settings.tenant_domain}"

    def required(self, name: str) -> str:
        value = self.form.get(name)
        if not value:
            raise LoginRefused(900144, name)
        return value

    def check_tenant(self, also: frozenset[str] = frozenset()) -> None:
        """Refuse a tenant that is neither the partner's (id or domain) nor in ``also``."""
        settings = self.emulator.settings
        name = self.tenant.lower()
        if name not in {settings.tenant_id.lower(), settings.tenant_domain.lower(), *also}:
            raise LoginRefused(90002, self.tenant)

    def check_client(self) -> None:
        client_id = self._basic[0] or self.required("client_id")
        if client_id.lower() != self.emulator.settings.client_id.lower():
            raise LoginRefused(700016, client_id)

    def check_secret(self) -> None:
        secret = self._basic[1] or self.form.get("client_secret")
        if not secret:
            raise LoginRefused(7000218)
        if secret != self.emulator.settings.client_secret:
            raise LoginRefused(7000215)

    @property
    def _basic(self) -> tuple[str, str]:
        """Client id and secret of an HTTP Basic header, two empty texts without one."""
        given = self.request.authorization
        if given is None or given.type != "basic":
            return "", ""
        return given.username or "", given.password or ""
