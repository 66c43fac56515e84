"""What the Settings pages and their commands do, each with its entry in the activity log."""
