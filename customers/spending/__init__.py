"""A customer's usage budget and its entitlements: read on demand, the budget set for one or many."""
