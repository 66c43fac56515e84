"""Indirect resellers as the distributor sees them: a list, and a page with what other systems call each."""
