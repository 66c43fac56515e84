"""A customer's company and billing profile: read when somebody looks, the billing profile changed."""
