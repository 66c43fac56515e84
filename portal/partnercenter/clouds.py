"""The clouds of Partner Center: their hosts, and what each lacks.

Hosts are those of Microsoft's REST pages; the login hosts of 21Vianet and of the US government are
the constants of Microsoft's PowerShell module, as the pages do not print them.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from portal.partnercenter.spec import Cloud, Host

REFERRALS_URL = "https://api.partner.microsoft.com"
# Price sheets stand on the same host, but take a token of their own (facts, token_resource).
SALES_SCOPE = f"{REFERRALS_URL}/.default"


@dataclass(frozen=True, kw_only=True)
class CloudFacts:
    """What is known of one cloud. ``closed`` is the year after which nothing answers there."""

    name: str
    api: str
    login: str
    graph: str
    gaps: tuple[str, ...] = ()
    closed: int | None = None

    @property
    def scope(self) -> str:
        """The scope of every token for Partner Center, app-only or App+User."""
        return f"{self.api}/.default"

    @property
    def graph_scope(self) -> str:
        """The scope of a token for Microsoft Graph: another audience than Partner Center's."""
        return f"{self.graph}/.default"


CLOUDS: dict[Cloud, CloudFacts] = {
    Cloud.PUBLIC: CloudFacts(
        name="Partner Center",
        api="https://api.partnercenter.microsoft.com",
        login="https://login.microsoftonline.com",
        graph="https://graph.microsoft.com",
    ),
    Cloud.CHINA: CloudFacts(
        name="Partner Center operated by 21Vianet",
        api="https://partner.partnercenterapi.microsoftonline.cn",
        login="https://login.chinacloudapi.cn",
        graph="https://microsoftgraph.chinacloudapi.cn",
        gaps=(
            "no password reset by API",
            "no Azure subscriptions",
            "no user licence management",
            "no service requests",
            "no delegated admin relationships on Graph",
        ),
    ),
    Cloud.GERMANY: CloudFacts(
        name="Partner Center for Microsoft Cloud Germany",
        api="https://api.partnercenter.microsoft.com",
        login="https://login.microsoftonline.de",
        graph="https://graph.microsoft.de",
        gaps=(
            "customer users are read-only",
            "no user licence management",
            "no password reset by API",
            "the app id is registered by hand",
        ),
        closed=2021,
    ),
    Cloud.US_GOV: CloudFacts(
        name="Partner Center for Microsoft Cloud for US Government",
        api="https://api.partnercenter.microsoft.com",
        login="https://login.microsoftonline.us",
        graph="https://graph.microsoft.us",
        gaps=(
            "no Office 365 subscriptions",
            "one partner per customer, no relationship request",
            "customer users are read-only",
            "no password reset by API",
            "the app id is registered by hand",
        ),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """Where one connection's calls go. Addresses have no trailing slash."""

    cloud: Cloud
    api: str
    login: str
    graph: str
    referrals: str

    @property
    def login_host(self) -> str:
        """The host name that the cloud's sign-in service answers to, wherever ``login`` points."""
        return urlsplit(CLOUDS[self.cloud].login).netloc

    def base(self, host: Host) -> str:
        """Return the address that serves a kind of call."""
        return {Host.API: self.api, Host.GRAPH: self.graph}.get(host, self.referrals)


def endpoints(cloud: Cloud, *, api: str = "", login: str = "", graph: str = "") -> Endpoints:
    """Return a connection's addresses; an empty one is the cloud's own.

    Referrals have no address of their own in a connection: with the cloud's own API they go to
    Microsoft's referrals host, else to the API's address, so that no token leaves a test bed.
    """
    facts = CLOUDS[cloud]
    chosen_api = (api or facts.api).rstrip("/")
    return Endpoints(
        cloud=cloud,
        api=chosen_api,
        login=(login or facts.login).rstrip("/"),
        graph=(graph or facts.graph).rstrip("/"),
        referrals=REFERRALS_URL if chosen_api == facts.api else chosen_api,
    )
