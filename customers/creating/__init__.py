"""A new customer: a form by the rules of its country, checks at Partner Center, one Command, its password once."""
