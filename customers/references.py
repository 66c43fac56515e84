"""How a row below a customer finds it: SQL for families whose rows keep ``customer_pc_id``."""

from portal.mirror.families import Derived

JOINS = (
    " LEFT JOIN customers_customer AS customer ON customer.connection_id = own.id"
    " AND customer.pc_id = incoming.customer_pc_id"
)
DERIVED = (Derived(column="customer_id", value="customer.id", keep=True),)
