"""What a customer has agreed to and is qualified for: read on demand, confirmed and asked for here."""
