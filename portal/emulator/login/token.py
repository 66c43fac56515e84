"""The token endpoint: three grants, in the form of v2.0 (scope) and of v1 (resource)."""

import hashlib
from datetime import datetime

from portal.emulator import render
from portal.emulator.ids import guid, seeded
from portal.emulator.login import discovery, signing
from portal.emulator.login.refusals import LoginRefused
from portal.emulator.login.service import COMMON, LoginCall
from portal.emulator.model import JSON
from portal.emulator.tokens import (
    ACCESS_SECONDS,
    REFRESH_SECONDS,
    ExpiredError,
    MalformedError,
    RevokedError,
    base64url,
)

# What a token may be asked for: Partner Center of each cloud, and the two Graphs.
PARTNER_CENTER = frozenset(
    {
        "https://api.partnercenter.microsoft.com",
        "https://partner.partnercenterapi.microsoftonline.cn",
        "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
    }
)
GRAPH = frozenset(
    {
        "https://graph.microsoft.com",
        "https://graph.microsoft.us",
        "https://microsoftgraph.chinacloudapi.cn",
    }
)
SALES = frozenset({"https://api.partner.microsoft.com"})
OTHERS = GRAPH | SALES | {"https://graph.windows.net", "https://graph.chinacloudapi.cn"}
_OPENID = frozenset({"openid", "profile", "email", "offline_access"})


def answer(call: LoginCall) -> JSON:
    """Answer a token request. Raise ``LoginRefused`` with the service's own code."""
    grant = call.required("grant_type")
    call.check_tenant(COMMON if grant != "client_credentials" else frozenset())
    call.check_client()
    call.check_secret()
    match grant:
        case "client_credentials":
            return _client_credentials(call)
        case "authorization_code":
            return _code(call)
        case "refresh_token":
            return _refresh(call)
        case _:
            raise LoginRefused(70003)


def _now(call: LoginCall) -> datetime:
    return call.emulator.clock.now()


def _resource(call: LoginCall, granted: str = "") -> str:
    """Return the audience asked for; without one, that of the grant. Raise for an unknown one."""
    asked = call.form.get("resource") or _audience(call.form.get("scope", "")) or granted
    asked = asked.rstrip("/")
    if not asked:
        # An app that asks for sign-in alone gets a token for the directory's own Graph.
        return "https://graph.microsoft.com"
    if asked not in PARTNER_CENTER | OTHERS:
        raise LoginRefused(500011, asked)
    return asked


def _audience(scope: str) -> str:
    for part in scope.split():
        if part not in _OPENID and "/" in part:
            return part.rsplit("/", 1)[0]
    return ""


def _client_credentials(call: LoginCall) -> JSON:
    if not call.form.get("resource"):
        call.required("scope")
    resource = _resource(call)
    return _bearer(call, resource, {"appid": call.emulator.settings.client_id})


def _code(call: LoginCall) -> JSON:
    code = call.required("code")
    try:
        claims = call.emulator.tokens.read("code", code, _now(call))
    except ExpiredError:
        raise LoginRefused(70008) from None
    except (MalformedError, RevokedError):
        raise LoginRefused(70000) from None
    if call.form.get("redirect_uri") != claims["redirect_uri"]:
        raise LoginRefused(500112)
    _check_verifier(call, claims)
    if not call.emulator.tokens.redeem(code):
        raise LoginRefused(54005)
    granted = claims.get("resource") or _audience(claims.get("scope", ""))
    return _signed_in(call, _resource(call, granted), claims)


def _check_verifier(call: LoginCall, claims: JSON) -> None:
    """Compare the PKCE verifier with the challenge of the authorize request, if it had one."""
    challenge = claims.get("challenge")
    if not challenge:
        return
    verifier = call.form.get("code_verifier", "")
    if claims.get("challenge_method") == "S256":
        verifier = base64url(hashlib.sha256(verifier.encode()).digest())
    if verifier != challenge:
        raise LoginRefused(501481)


def _refresh(call: LoginCall) -> JSON:
    token = call.required("refresh_token")
    try:
        claims = call.emulator.tokens.read("refresh", token, _now(call))
    except ExpiredError:
        raise LoginRefused(700082) from None
    except RevokedError:
        raise LoginRefused(50173) from None
    except MalformedError:
        raise LoginRefused(9002313) from None
    return _signed_in(call, _resource(call, claims["aud"]), claims)


def _signed_in(call: LoginCall, resource: str, claims: JSON) -> JSON:
    """Answer with an App+User token, a new refresh token and, for openid, who the person is."""
    settings = call.emulator.settings
    if resource in GRAPH and call.emulator.graph == "no_consent":
        raise LoginRefused(65001)
    person = {"appid": settings.client_id, "upn": claims["upn"]}
    response = _bearer(call, resource, person)
    kept = {**person, "aud": resource, "scope": claims.get("scope", "")}
    response["refresh_token"] = call.emulator.tokens.mint(
        "refresh", kept, _now(call), REFRESH_SECONDS
    )
    asked = f"{call.form.get('scope', '')} {claims.get('scope', '')}".split()
    if "openid" in asked:
        response["id_token"] = _id_token(call, claims)
    if call.form.get("client_info"):
        identity = {"uid": object_id(claims["upn"]), "utid": settings.tenant_id}
        response["client_info"] = base64url(render.encode(identity))
    return response


def _bearer(call: LoginCall, resource: str, claims: JSON) -> JSON:
    now = _now(call)
    content = {**claims, "aud": resource}
    token = call.emulator.tokens.mint("access", content, now, ACCESS_SECONDS)
    response: JSON = {
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
        "ext_expires_in": ACCESS_SECONDS,
        "access_token": token,
    }
    if call.form.get("resource"):
        begin = int(now.timestamp())
        response |= {
            "expires_in": str(ACCESS_SECONDS),
            "ext_expires_in": str(ACCESS_SECONDS),
            "not_before": str(begin),
            "expires_on": str(begin + ACCESS_SECONDS),
            "resource": resource,
        }
    elif "upn" in claims:
        response["scope"] = f"{resource}/user_impersonation"
    return response


def object_id(upn: str) -> str:
    """Return the directory id of a person, the same for the same name."""
    return guid(seeded("person", upn.lower()))


def _id_token(call: LoginCall, claims: JSON) -> str:
    """Sign who the person is. Its times are real ones: who checks them has no other clock."""
    settings = call.emulator.settings
    begin = int(call.emulator.real_time())
    content = {
        "aud": settings.client_id,
        "iss": discovery.issuer(call.request, settings.tenant_id),
        "iat": begin,
        "nbf": begin - 5,
        "exp": begin + ACCESS_SECONDS,
        "name": claims["upn"].split("@")[0],
        "email": claims["upn"],
        "preferred_username": claims["upn"],
        "oid": object_id(claims["upn"]),
        "sub": object_id(f"{claims['upn']} for {settings.client_id}"),
        "tid": settings.tenant_id,
        "ver": "2.0",
    }
    if claims.get("nonce"):
        content["nonce"] = claims["nonce"]
    return signing.jwt(content)
