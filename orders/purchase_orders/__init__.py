"""The customer's purchase order that Partner Center asks for before it works on some orders."""
