"""Orders of the wire as columns: pure functions (order-resources)."""

from orders.placed import lines, part
from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import identifier, moment, text

COLUMNS = (
    "pc_id",
    "customer_pc_id",
    "partner_mpn_id",
    "name",
    "term_duration",
    "billing_cycle",
    "currency",
    "status",
    "creation_date",
    "lines",
)


def order(payload: Payload, reading: Reading) -> Columns:
    """Map an entry of a customer's list (get-all-of-a-customer-s-orders).

    An order whose lines name several partners of record is nobody's alone: their ids together match none.
    """
    found = lines.kept(payload)
    terms = {line["term"] for line in found}
    return {
        "pc_id": identifier(payload.get("id")),
        "customer_pc_id": reading.parent,
        "partner_mpn_id": ";".join(lines.partners(payload)),
        "name": ", ".join(dict.fromkeys(line["name"] for line in found)),
        "term_duration": terms.pop() if len(terms) == 1 else "",
        "billing_cycle": text(payload.get("billingCycle")).lower(),
        "currency": text(payload.get("currencyCode")),
        "status": text(payload.get("status")).lower(),
        "creation_date": moment(payload.get("creationDate")),
        "lines": found,
    }


def of_cycle(payload: Payload, reading: Reading) -> Columns:
    """The same from the list of one billing cycle, whose scope names the customer and the cycle."""
    customer_pc_id, _cycle = part.parts(reading.parent)
    return order(payload, reading) | {"customer_pc_id": customer_pc_id}
