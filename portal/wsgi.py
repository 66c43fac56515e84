"""The web process: it signs in to the database as the narrow role."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ["PORTAL_ROLE"] = "web"

from portal import memory

with memory.loading():
    from django.core.wsgi import get_wsgi_application

    # Makes the portal's queue the one that tasks of every app are sent to.
    import portal.celery  # noqa: F401

    application = get_wsgi_application()
