"""The control plane under ``/_emulator/``: what a test or a demo does to Partner Center's world.

It needs no token and knows no latency, limit or fault. README.md lists the JSON of each door.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
from werkzeug.wrappers import Request, Response

from portal.emulator import purchase_orders, render, router, upstream, vetting
from portal.emulator.clock import iso, parse_moment
from portal.emulator.errors import Refusal
from portal.emulator.faults import KINDS, Action, Match, Rule
from portal.emulator.model import JSON
from portal.emulator.sales import Lag
from portal.emulator.settings import GRAPH
from portal.emulator.tokens import ACCESS_SECONDS, REFRESH_SECONDS
from portal.emulator.transitions import Delay
from portal.emulator.webhooks import door as webhook_door

if TYPE_CHECKING:
    from portal.emulator.app import Emulator

Door = Callable[["Emulator", Request], JSON]


class WrongRequestError(ValueError):
    """The JSON or the query of a control call makes no sense."""


def answer(request: Request, emulator: "Emulator") -> Response:
    """Answer a call to the control plane: 400 for nonsense, 404 and 405 as elsewhere."""
    name = request.path.removeprefix("/_emulator").strip("/").lower()
    methods = {method for door, method in DOORS if door == name}
    if not methods:
        return _json({"error": f"there is no door {name!r}"}, 404)
    if request.method not in methods:
        return _json({"error": f"use {', '.join(sorted(methods))}"}, 405)
    try:
        return _json(DOORS[name, request.method](emulator, request))
    except (ValueError, TypeError, msgspec.ValidationError) as error:
        return _json({"error": str(error)}, 400)
    except Refusal as refusal:
        return _json({"error": refusal.description}, refusal.status)


def _json(content: JSON, status: int = 200) -> Response:
    return Response(render.encode(content), status, content_type="application/json")


def _body(request: Request) -> JSON:
    data = request.get_data()
    if not data:
        return {}
    content: Any = msgspec.json.decode(data)
    if not isinstance(content, dict):
        raise WrongRequestError("the body must be a JSON object")
    return content


def _only(content: JSON, *names: str) -> JSON:
    """Return the content if it has no other names; a misspelt one must not pass silently."""
    unknown = sorted(set(content) - set(names))
    if unknown:
        raise WrongRequestError(f"unknown: {', '.join(unknown)}; known are {', '.join(names)}")
    return content


def about(emulator: "Emulator", _request: Request) -> JSON:
    settings = emulator.settings
    return {
        "tenant_id": settings.tenant_id,
        "tenant_domain": settings.tenant_domain,
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
        "seed": settings.seed,
        "customers": len(emulator.store.customers),
        "resellers": len(emulator.store.resellers),
        "audit_records": len(emulator.store.audit),
        "latency_ms": emulator.latency_ms,
        "rpm": emulator.throttle.rpm,
        "graph": emulator.graph,
        "faults": emulator.faults.spec,
        "now": iso(emulator.clock.now()),
    }


def reset(emulator: "Emulator", _request: Request) -> JSON:
    emulator.start(emulator.settings)
    return about(emulator, _request)


def seed(emulator: "Emulator", request: Request) -> JSON:
    names = ("customers", "resellers", "seed", "subscriptions", "invoice_lines", "now", "frozen")
    content = dict(_only(_body(request), *names))
    if "now" in content:
        content["now"] = parse_moment(content["now"])
    for name in ("customers", "resellers", "seed", "subscriptions", "invoice_lines"):
        if name in content and (not isinstance(content[name], int) or content[name] < 0):
            raise WrongRequestError(f"{name} must be a whole number")
    emulator.start(replace(emulator.settings, **content))
    return about(emulator, request)


def read_clock(emulator: "Emulator", _request: Request) -> JSON:
    return {"now": iso(emulator.clock.now()), "frozen": emulator.clock.is_frozen}


def move_clock(emulator: "Emulator", request: Request) -> JSON:
    content = _only(_body(request), "now", "advance_seconds", "frozen")
    if "now" in content:
        emulator.clock.set(parse_moment(content["now"]))
    if "advance_seconds" in content:
        emulator.clock.advance(float(content["advance_seconds"]))
    if "frozen" in content:
        emulator.clock.freeze(frozen=bool(content["frozen"]))
    return read_clock(emulator, request)


def read_faults(emulator: "Emulator", _request: Request) -> JSON:
    return emulator.faults.dump()


def add_faults(emulator: "Emulator", request: Request) -> JSON:
    content = _only(_body(request), "rules", "spec")
    rules = [_rule(item) for item in content.get("rules", [])]
    if "spec" in content:
        emulator.faults.set_chances(content["spec"])
    emulator.faults.add(rules)
    return emulator.faults.dump()


def _rule(content: JSON) -> Rule:
    rule = msgspec.convert(_only(content, "match", "action", "nth", "times"), Rule)
    _only(content.get("match", {}), *Match.__dataclass_fields__)
    _only(content["action"], *Action.__dataclass_fields__)
    if rule.action.kind not in KINDS:
        raise WrongRequestError(f"unknown kind {rule.action.kind!r}; known are {sorted(KINDS)}")
    return rule


def clear_faults(emulator: "Emulator", _request: Request) -> JSON:
    emulator.faults.clear()
    emulator.faults.set_chances("")
    return emulator.faults.dump()


def read_transitions(emulator: "Emulator", _request: Request) -> JSON:
    with emulator.store.lock:
        delay = emulator.store.delay
        pending = [item.id for _, item, _ in emulator.store.pending()]
    return {"mode": delay.mode, "amount": delay.amount, "pending": pending}


def set_transitions(emulator: "Emulator", request: Request) -> JSON:
    content = _only(_body(request), "mode", "amount", "finish")
    with emulator.store.lock:
        if "mode" in content:
            amount = {"amount": content.get("amount", 0)}
            emulator.store.delay = msgspec.convert({"mode": content["mode"], **amount}, Delay)
        finished = emulator.store.finish_pending() if content.get("finish") else 0
    return {**read_transitions(emulator, request), "finished": finished}


def set_sales(emulator: "Emulator", request: Request) -> JSON:
    """How late orders and subscriptions show after a checkout; a line error for a catalogue item ("" for none).

    ``customers`` says why nothing is ordered for whom, ``papers_for`` which products ask for a purchase order,
    ``reviewed`` what Microsoft thinks of those that were handed in, by order id.
    """
    names = ("orders", "subscriptions", "line_errors", "customers", "papers_for", "reviewed")
    content = _only(_body(request), *names)
    sales = emulator.store.sales
    with emulator.store.lock:
        late = {name: content[name] for name in ("orders", "subscriptions") if name in content}
        sales.lag = msgspec.convert(msgspec.structs.asdict(sales.lag) | late, Lag)
        sales.spoilt |= content.get("line_errors", {})
        sales.papers_for = frozenset(content.get("papers_for", sales.papers_for))
        for customer_id, standing in content.get("customers", {}).items():
            vetting.check(standing)
            dossier = emulator.store.dossiers.of(emulator.store.customer(customer_id).id)
            emulator.store.dossiers.keep(msgspec.structs.replace(dossier, standing=standing))
        for order_id, accepted in content.get("reviewed", {}).items():
            purchase_orders.review(emulator.store, order_id, accepted=bool(accepted))
    told = {"line_errors": sales.spoilt, "papers_for": sorted(sales.papers_for)}
    return {**msgspec.structs.asdict(sales.lag), **told}


def dump(emulator: "Emulator", request: Request) -> JSON:
    """Return the counts, or with ``customer`` (and ``subscription``) what stands inside."""
    customer_id = request.args.get("customer", "")
    if not customer_id:
        return {**about(emulator, request), "customer_ids": list(emulator.store.customers)}
    return upstream.dump(emulator.store, customer_id, request.args.get("subscription", ""))


def change(emulator: "Emulator", request: Request) -> JSON:
    content = _only(_body(request), "count", "kinds", "user")
    changes = upstream.change(
        emulator.store,
        int(content.get("count", 1)),
        kinds=content.get("kinds"),
        user=content.get("user"),
    )
    return {"changes": changes}


def read_log(emulator: "Emulator", request: Request) -> JSON:
    return emulator.log.dump(limit=int(request.args.get("limit", "200")))


def clear_log(emulator: "Emulator", _request: Request) -> JSON:
    emulator.log.clear()
    return emulator.log.dump(limit=0)


def use_tokens(emulator: "Emulator", request: Request) -> JSON:
    """Expire access tokens, revoke refresh tokens, or issue one as if somebody had consented."""
    content = _only(_body(request), "action", "user")
    match content.get("action"):
        case "expire":
            emulator.tokens.revoke("access")
        case "revoke":
            emulator.tokens.revoke("refresh")
        case "issue":
            return _issue(emulator, content.get("user"))
        case _:
            raise WrongRequestError("action must be expire, revoke or issue")
    return {"done": content["action"]}


def _issue(emulator: "Emulator", user: str | None) -> JSON:
    settings = emulator.settings
    aud = "https://api.partnercenter.microsoft.com"
    claims = {"appid": settings.client_id, "aud": aud, "scope": f"{aud}/user_impersonation"}
    now = emulator.clock.now()
    app_token = emulator.tokens.mint("access", claims, now, ACCESS_SECONDS)
    claims["upn"] = user or f"admin@{settings.tenant_domain}"
    return {
        "refresh_token": emulator.tokens.mint("refresh", claims, now, REFRESH_SECONDS),
        "user_token": emulator.tokens.mint("access", claims, now, ACCESS_SECONDS),
        "app_token": app_token,
    }


def revise_invoice(emulator: "Emulator", request: Request) -> JSON:
    """Change an invoice after the fact: its number of lines, or a seat more on some of them."""
    content = _only(_body(request), "invoice", "lines", "positions")
    invoice = emulator.store.invoices.invoices.get(str(content.get("invoice", "")))
    if invoice is None:
        raise WrongRequestError("there is no such invoice")
    if "lines" in content:
        invoice.lines = int(content["lines"])
    invoice.revised |= {int(position) for position in content.get("positions", [])}
    total = emulator.store.invoices.total(invoice)
    return {"invoice": invoice.number, "lines": invoice.lines, "total": total}


def list_invoices(emulator: "Emulator", _request: Request) -> JSON:
    book = emulator.store.invoices
    made = [
        {"invoice": one.number, "lines": one.lines, "total": book.total(one)}
        for one in book.invoices.values()
    ]
    return {"invoices": made}


def set_manners(emulator: "Emulator", request: Request) -> JSON:
    content = _only(_body(request), "latency_ms", "rpm", "graph")
    if "latency_ms" in content:
        emulator.latency_ms = float(content["latency_ms"])
    if "rpm" in content:
        emulator.throttle.rpm = int(content["rpm"])
    if "graph" in content:
        emulator.graph = _graph(content["graph"])
    return about(emulator, request)


def _graph(wanted: object) -> str:
    if wanted not in GRAPH:
        raise WrongRequestError(f"graph must be one of {', '.join(GRAPH)}")
    return str(wanted)


def read_webhooks(emulator: "Emulator", _request: Request) -> JSON:
    return webhook_door.look(emulator)


def send_webhooks(emulator: "Emulator", request: Request) -> JSON:
    names = ("kind", "event", "customer", "subscription", "at")
    return webhook_door.send(emulator, _only(_body(request), *names))


def coverage(_emulator: "Emulator", _request: Request) -> JSON:
    return router.coverage()


DOORS: dict[tuple[str, str], Door] = {
    ("", "GET"): about,
    ("reset", "POST"): reset,
    ("seed", "POST"): seed,
    ("clock", "GET"): read_clock,
    ("clock", "POST"): move_clock,
    ("faults", "GET"): read_faults,
    ("faults", "POST"): add_faults,
    ("faults", "DELETE"): clear_faults,
    ("transitions", "GET"): read_transitions,
    ("transitions", "POST"): set_transitions,
    ("sales", "POST"): set_sales,
    ("dump", "GET"): dump,
    ("change", "POST"): change,
    ("log", "GET"): read_log,
    ("log", "DELETE"): clear_log,
    ("tokens", "POST"): use_tokens,
    ("manners", "POST"): set_manners,
    ("invoices", "GET"): list_invoices,
    ("invoices", "POST"): revise_invoice,
    ("coverage", "GET"): coverage,
    ("webhooks", "GET"): read_webhooks,
    ("webhooks", "POST"): send_webhooks,
}
