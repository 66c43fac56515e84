"""The Azure subscriptions under a customer's Azure plans: mirrored when somebody looks, cancelled and brought back."""
