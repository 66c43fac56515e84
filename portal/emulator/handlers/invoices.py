"""Invoices: their list, one of them, its statement, its new-commerce lines page by page."""

from portal.emulator import paging, render
from portal.emulator.context import Answer, Call, encoded, ok
from portal.emulator.errors import Refusal
from portal.emulator.handlers.registry import emulates, tells_apart
from portal.emulator.seeds.invoices import Invoice

PAGE = 2_000
LINES = ("LIST_INVOICE_LINES", "LIST_LEGACY_INVOICE_LINES", "LIST_BILLED_USAGE")


@tells_apart(*LINES)
def which_lines(call: Call) -> str:
    """Tell by provider and type: the three calls have one path (README trap 10)."""
    if call.query.get("invoicelineitemtype", "").lower() == "usagelineitems":
        return "LIST_BILLED_USAGE"
    new = call.query.get("provider", "").lower() == "onetime"
    return "LIST_INVOICE_LINES" if new else "LIST_LEGACY_INVOICE_LINES"


@emulates("LIST_INVOICES")
def list_invoices(call: Call) -> Answer:
    size = call.size(default=200, largest=200)
    offset = call.query.get("offset", "0")
    if not offset.isascii() or not offset.isdigit():
        raise Refusal(3000, "The offset must be a whole number.")
    book = call.store.invoices
    found = list(book.invoices.values())
    start = int(offset)
    page = found[start : start + size]
    uri = f"/invoices?size={size}&offset="
    links = {"self": render.link(f"{uri}{start}")}
    if start + size < len(found):
        links["next"] = render.link(f"{uri}{start + size}")
    content = render.collection([book.render(one) for one in page], links=links)
    return ok(content | {"totalCount": len(found)})


def _invoice(call: Call) -> Invoice:
    number = call.params["invoice_id"].rpartition("-")[2].upper()
    found = call.store.invoices.invoices.get(number)
    if found is None:
        raise Refusal(1000, "The invoice was not found.")
    return found


@emulates("GET_INVOICE")
def get_invoice(call: Call) -> Answer:
    return ok(call.store.invoices.render(_invoice(call)))


@emulates("GET_INVOICE_STATEMENT")
def get_statement(call: Call) -> Answer:
    content = call.store.invoices.statement(_invoice(call))
    return Answer(200, content, content_type="application/pdf")


@emulates("LIST_INVOICE_LINES")
def list_lines(call: Call) -> Answer:
    """Answer one page, made while it is asked for and forgotten afterwards."""
    invoice = _invoice(call)
    kind = f"lines of {invoice.number}"
    start = paging.continuation(call, kind) or 0
    size = call.size(default=PAGE, largest=PAGE)
    made = list(call.store.invoices.lines(invoice, start, size))
    end = start + len(made)
    uri = f"/invoices/{invoice.number}/lineitems"
    more = paging.links(call, kind, uri, end if end < invoice.lines else None)
    frame = render.encode(render.collection([], **more))
    items = ",".join(made).encode()
    head = b'{"totalCount":0,"items":[]'
    assert frame.startswith(head)
    return encoded(b'{"totalCount":%d,"items":[%s]' % (len(made), items) + frame[len(head) :])
