"""A new user with licences from the start: a seat where none is left, then the user, then each licence."""
