"""What else Partner Center tells of one subscription, asked when somebody wants to know."""
