"""Orders of a customer: read when somebody looks and by age, listed with their lines."""
