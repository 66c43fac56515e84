"""The catalogue: what can be bought in a market, for whom, on which terms, and what it takes."""
