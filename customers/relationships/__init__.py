"""A company becomes a customer by invitation; it stops being one when the relationship ends."""
