"""What migrations are called, and what the tab of a customer is read from."""

from customers import demand

MIGRATIONS, SCHEDULES = "nce_migrations", "nce_schedules"
SCHEDULE = "nce_schedule"
VIEW = "subscriptions.view"
RIGHT = "subscriptions.migrate"
PART = demand.Part("migrations", (MIGRATIONS, SCHEDULES), "customer_migrations")
PLANNED = "created"
NOW, ON_DAY, ON_RENEWAL = "now", "day", "renewal"
TERMS = ("P1M", "P1Y", "P3Y")
CYCLES = ("monthly", "annual", "triennial")
