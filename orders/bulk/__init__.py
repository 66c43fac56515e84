"""Verbs asked for many at once: from a selection or a file to a batch, whose pages are the outbox's."""
