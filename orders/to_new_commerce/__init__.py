"""Legacy subscriptions on their way to new commerce: checked, migrated now or on a day, followed to the end."""
