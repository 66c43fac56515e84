"""The queue: which task runs where, and what the clock starts."""

import os
from typing import Any

from celery import Celery, bootsteps

from portal import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Here begins every process that reads lists: workers, and commands (manage.py).
memory.give_back()

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class Loaded(bootsteps.Step):
    """A worker has loaded its tasks when its parts are put together, before it has children."""

    def __init__(self, parent: Any, **options: Any) -> None:
        """Keep what is loaded out of every search for garbage."""
        super().__init__(parent, **options)
        memory.keep()


app.steps["worker"].add(Loaded)

QUEUES = ("interactive", "push", "sync", "default", "bulk")

app.conf.task_routes = {
    "portal.mirror.tasks.ask*": {"queue": "interactive"},
    "portal.mirror.tasks.*": {"queue": "sync"},
    "portal.outbox.tasks.*": {"queue": "push"},
    "orders.carts.tasks.*": {"queue": "push"},
    "billing.tasks.*": {"queue": "interactive"},
}
# Static: the schedule is code, so a lost Redis loses nothing of it.
app.conf.beat_schedule = {
    "mirror-due": {"task": "portal.mirror.tasks.start_due", "schedule": 60.0},
    "mirror-resume": {"task": "portal.mirror.tasks.resume_stalled", "schedule": 20.0},
    "mail-sweep": {"task": "portal.notifications.tasks.sweep", "schedule": 30.0},
    "mail-digests": {"task": "portal.notifications.tasks.start_digests", "schedule": 300.0},
    "lists-tidy": {"task": "portal.lists.tasks.tidy", "schedule": 60.0},
    "statements-sweep": {"task": "billing.tasks.sweep_statements", "schedule": 30.0},
    "outbox-sweep": {"task": "portal.outbox.tasks.sweep", "schedule": 15.0},
    "outbox-secrets": {"task": "portal.outbox.tasks.forget_secrets", "schedule": 300.0},
    "carts-follow": {"task": "orders.carts.tasks.follow_due", "schedule": 60.0},
    "renewals-alerts": {"task": "orders.renewals.alerts.tasks.tell", "schedule": 600.0},
    "customers-tidy": {"task": "customers.tasks.tidy", "schedule": 3600.0},
}
