"""The queue: which task runs where, and what the clock starts."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

from portal import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Here begins every process that reads lists: workers, and commands (manage.py).
memory.give_back()

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A worker has loaded all its tasks by then; its children share those pages while nobody touches them.
for begun in (worker_init, beat_init):
    begun.connect(lambda **_: memory.keep(), weak=False)

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
    "customers-tidy": {"task": "customers.tasks.tidy", "schedule": 3600.0},
}
