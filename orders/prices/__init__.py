"""Prices: what something costs the partner, what a reseller is charged for it, and what a customer is."""
