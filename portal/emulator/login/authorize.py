"""The authorize page: who signs in, to which app, approve or refuse."""

from html import escape
from urllib.parse import urlencode, urlsplit

from werkzeug.wrappers import Response

from portal.emulator.login.refusals import LoginRefused
from portal.emulator.login.service import COMMON, LoginCall
from portal.emulator.settings import PARTNER_NAME
from portal.emulator.tokens import CODE_SECONDS

_KEPT = (
    *("client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce"),
    *("code_challenge", "code_challenge_method", "resource", "login_hint", "prompt"),
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in and consent</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 10vh auto; padding: 0 1rem; }}
label, input {{ display: block; width: 100%; box-sizing: border-box; }}
input {{ margin: .25rem 0 1rem; padding: .5rem; }}
button {{ padding: .5rem 1.25rem; margin-right: .5rem; }}
</style>
</head>
<body>
<main>
<h1>{partner}</h1>
<p>This is an emulated sign-in page. No password is asked.</p>
<p>The application <strong>{client}</strong> asks for:</p>
<ul>{scopes}</ul>
<form method="post" action="{action}">
{hidden}
<label for="account">Account</label>
<input id="account" name="account" type="email" required value="{account}">
<button type="submit" name="decision" value="approve">Approve</button>
<button type="submit" name="decision" value="refuse" formnovalidate>Refuse</button>
</form>
</main>
</body>
</html>
"""
_FORM_POST = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Back to the application</title></head>
<body>
<form method="post" action="{action}">
{hidden}
<button type="submit">Go on</button>
</form>
</body>
</html>
"""


def _hidden(values: dict[str, str]) -> str:
    return "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in values.items()
    )


def page(call: LoginCall) -> Response:
    """Answer a GET with the page, a POST with the way back to the application."""
    _check(call)
    values = {name: call.form[name] for name in _KEPT if name in call.form}
    if call.request.method == "POST":
        return _decide(call, values)
    scopes = "".join(f"<li>{escape(scope)}</li>" for scope in call.form.get("scope", "").split())
    html = _PAGE.format(
        partner=escape(PARTNER_NAME),
        client=escape(call.form["client_id"]),
        scopes=scopes,
        action=escape(call.request.path),
        hidden=_hidden(values),
        account=escape(call.form.get("login_hint") or call.default_user),
    )
    return Response(html, content_type="text/html; charset=utf-8")


def _check(call: LoginCall) -> None:
    """Refuse what must not be answered at the redirect address: an unknown app, no address."""
    call.check_tenant(COMMON)
    call.check_client()
    target = urlsplit(call.required("redirect_uri"))
    if target.scheme not in {"http", "https"} or not target.netloc:
        raise LoginRefused(50011)
    if "code" not in call.required("response_type").split():
        raise LoginRefused(900144, "response_type")


def _decide(call: LoginCall, values: dict[str, str]) -> Response:
    answer = _approved(call, values) if call.form.get("decision") == "approve" else _denied(call)
    if "state" in values:
        answer["state"] = values["state"]
    address = values["redirect_uri"]
    if values.get("response_mode") == "form_post":
        html = _FORM_POST.format(action=escape(address), hidden=_hidden(answer))
        return Response(html, content_type="text/html; charset=utf-8")
    glue = "&" if urlsplit(address).query else "?"
    return Response(status=302, headers={"Location": f"{address}{glue}{urlencode(answer)}"})


def _denied(call: LoginCall) -> dict[str, str]:
    ids = call.emulator.store.ids
    return {
        "error": "access_denied",
        "error_subcode": "cancel",
        "error_description": LoginRefused(65004).description(
            trace_id=ids.guid(),
            correlation_id=ids.guid(),
            timestamp=call.emulator.clock.now().strftime("%Y-%m-%d %H:%M:%SZ"),
        ),
    }


def _approved(call: LoginCall, values: dict[str, str]) -> dict[str, str]:
    kept = ("client_id", "redirect_uri", "scope", "resource", "nonce")
    claims = {name: values[name] for name in kept if name in values}
    claims |= {
        "challenge": values.get("code_challenge", ""),
        "challenge_method": values.get("code_challenge_method", "plain"),
        "upn": call.form.get("account") or call.default_user,
    }
    now = call.emulator.clock.now()
    code = call.emulator.tokens.mint("code", claims, now, CODE_SECONDS)
    return {"code": code, "session_state": call.emulator.store.ids.guid()}
