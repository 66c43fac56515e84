"""The directory of each customer: its users and the members of its roles, made when first asked for."""
