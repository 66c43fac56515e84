"""Legacy offers beside the catalogue: what was sold before new commerce, and what still stands on it."""
