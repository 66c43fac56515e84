"""Upgrades: from one product to a better one, a trial that is bought, an older offer that makes place for another."""
