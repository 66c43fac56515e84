"""Where the endpoints are: by the names of the cloud whose host was asked, else by our own."""

from werkzeug.wrappers import Request

from portal.emulator.model import JSON

# Sign-in hosts of the clouds: for these msal must read https names of that very cloud.
CLOUD_HOSTS = frozenset(
    {
        "login.microsoftonline.com",
        "login.windows.net",
        "login.microsoft.com",
        "sts.windows.net",
        "login.chinacloudapi.cn",
        "login.partner.microsoftonline.cn",
        "login.microsoftonline.us",
        "login.usgovcloudapi.net",
        "login.microsoftonline.de",
    }
)
_ALIASES = (
    ("login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"),
    ("login.partner.microsoftonline.cn", "login.chinacloudapi.cn"),
    ("login.microsoftonline.us", "login.usgovcloudapi.net"),
    ("login.microsoftonline.de",),
)


def base_url(request: Request) -> str:
    """Return the address that the answers name: the cloud's for its host, else the caller's."""
    host = request.host.split(":")[0].lower()
    return f"https://{host}" if host in CLOUD_HOSTS else f"{request.scheme}://{request.host}"


def configuration(request: Request, tenant: str, tenant_id: str) -> JSON:
    """Return the OpenID configuration of a tenant."""
    base = base_url(request)
    return {
        "issuer": issuer(request, tenant_id),
        "authorization_endpoint": f"{base}/{tenant}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/{tenant}/oauth2/v2.0/token",
        "jwks_uri": f"{base}/{tenant}/discovery/v2.0/keys",
        "userinfo_endpoint": f"{base}/{tenant}/openid/userinfo",
        "end_session_endpoint": f"{base}/{tenant}/oauth2/v2.0/logout",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "response_modes_supported": ["query", "form_post"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
    }


def issuer(request: Request, tenant_id: str) -> str:
    return f"{base_url(request)}/{tenant_id}/v2.0"


def instance(request: Request) -> JSON:
    """Return the list of clouds that msal asks for before it trusts a host."""
    base = base_url(request)
    own = request.host.split(":")[0].lower()
    metadata = [
        {"preferred_network": hosts[0], "preferred_cache": hosts[0], "aliases": list(hosts)}
        for hosts in _ALIASES
    ]
    if own not in CLOUD_HOSTS:
        metadata.append({"preferred_network": own, "preferred_cache": own, "aliases": [own]})
    return {
        "tenant_discovery_endpoint": f"{base}/common/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": metadata,
    }
