"""A customer as it was on a day, and what has changed since it is known here."""
