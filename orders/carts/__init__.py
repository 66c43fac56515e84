"""Carts: what is put together for a customer, what it would cost, and its checkout, which orders once."""
