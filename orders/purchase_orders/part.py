"""The verb of handing in, and what its files are called."""

HAND_IN = "order.hand_in_purchase_order"
RIGHT = "orders.change"
FILE = "order-paper"
