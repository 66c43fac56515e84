"""Names that all of the carts' room uses."""

VIEW = "carts.view"
RIGHT = "carts.edit"
TARGET = "cart"
CHECK = "cart.check"
CHECKOUT = "cart.checkout"
FAMILY_OF_ORDERS = "orders"
FAMILY_OF_SUBSCRIPTIONS = "subscriptions"
