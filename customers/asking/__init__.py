"""Asking for a change of a customer: one form, its consequence, one Command; the verbs fill it in."""
