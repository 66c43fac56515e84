"""Licences: what a customer's tenant owns, who holds which, assigning and removing them."""
