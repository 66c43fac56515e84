"""The names of the catalogue's families in the mirror."""

PRODUCTS, SKUS, AVAILABILITIES = "products", "skus", "availabilities"
OFFERS = "offers"
