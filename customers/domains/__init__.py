"""A customer's domains: those it has, and a verified one added by a partner that is a registrar."""
