"""A new user with licences from the start: the user, then a seat where none is left, then each licence."""
