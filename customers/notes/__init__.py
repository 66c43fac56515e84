"""Tags and notes on a customer: of our own, nothing of them goes to Partner Center."""
