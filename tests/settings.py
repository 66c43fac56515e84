"""The portal's own settings with quicker passwords; servers come from tests.servers."""

import os

# For tools that only read the settings (mypy); tests.servers has set real ones before the tests.
os.environ.setdefault("SECRET_KEY", "not a secret: no server answers to it")
os.environ.setdefault("DATABASE_URL", "postgres://portal@/portal?host=/nowhere")
os.environ.setdefault("REDIS_URL", "unix:///nowhere")

from portal.settings import *

# Its flush, in place of Django's.
INSTALLED_APPS = ["tests.emptying", *INSTALLED_APPS]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEBUG = False
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# What goes well is not written down: it is said thousands of times, and nobody reads it.
LOGGING = LOGGING | {"root": {"handlers": ["console"], "level": "WARNING"}}
