"""Users of a customer's directory: who they are, what roles they hold, and what staff do for them."""
