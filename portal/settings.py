"""Django's settings: one file, every variable read through portal.env, nothing secret in it.

Two database roles stand behind one name: a web process (``PORTAL_ROLE=web``, set by portal.wsgi)
signs in as the narrow role of DATABASE_URL; workers and commands use the owner of MIGRATE_DATABASE_URL.
"""

import os
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal import env
from portal.embedded import runtime
from portal.reference import term_end

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("PORTAL_DATA_DIR", str(BASE_DIR / ".portal"))).resolve()

# A running demo publishes what it set, so that commands in a second terminal find its servers.
for _name, _value in (runtime.running(DATA_DIR) or {}).items():
    os.environ.setdefault(_name, _value)

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY")
# The first key encrypts, all decrypt: prepend a new one to rotate.
FIELD_KEYS = env.words("FIELD_KEYS", SECRET_KEY)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", "")
HTTPS = env.flag("HTTPS", default=False)
# How many proxies stand before the portal: each has appended to X-Forwarded-For.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "portal.ui",
    "portal.connections",
    "portal.mirror",
    "portal.activity",
    "portal.access",
    "portal.lists",
    "portal.notifications",
    "portal.outbox",
    "portal.outbox.approvals",
    "customers",
    "orders",
    "billing",
    "portal.administration",
    "portal.dashboard",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "portal.apps.StaticConfig",  # django.contrib.staticfiles
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",  # its widget templates, so that ours can stand before them
    "allauth",
    "allauth.account",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "django_tables2",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "pghistory",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "portal.proxies.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.connections.middleware.WebRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portal.access.middleware.ScopeMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.access.middleware.EnterMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.logs.RequestMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "portal.ui.templatetags.portal"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
COTTON_DIR = "cotton"

# --- data ---------------------------------------------------------------------------------------

IS_WEB = env.text("PORTAL_ROLE", "worker") == "web"
WEB_THREADS = env.number("WEB_THREADS", 8, least=1)


def _database() -> dict[str, Any]:
    web = env.url("DATABASE_URL", schemes=("postgres", "postgresql"))
    owner = env.url("MIGRATE_DATABASE_URL", web, schemes=("postgres", "postgresql"))
    options = environ.Env.db_url_config(web if IS_WEB else owner)
    options["CONN_HEALTH_CHECKS"] = True
    if IS_WEB:
        asked = options.get("OPTIONS", {})
        options["OPTIONS"] = asked | {
            # As many connections as threads: the default of 4 starves gthread.
            "pool": {"min_size": 1, "max_size": WEB_THREADS},
            # A page reads 51 rows, and a server with JIT would compile the query anew for each: sorted by
            # a figure, 100,000 customers are estimated at 720,000, past the threshold of 100,000.
            "options": f"{asked.get('options', '')} -c jit=off".strip(),
        }
    else:
        options["CONN_MAX_AGE"] = 60
    return dict(options)


DATABASES = {"default": _database()}

REDIS_URL = env.url("REDIS_URL", schemes=("redis", "rediss", "unix"))
CACHES = {"default": {"BACKEND": "portal.cache.ForgivingRedisCache", "LOCATION": REDIS_URL}}

# --- people -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["portal.access.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "portal.notifications.adapter.AccountAdapter"
# No mail to an address that nobody has here.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_FORMS = {"reset_password": "portal.access.forms.NewPasswordForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- languages ----------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
USE_I18N = True
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_TZ = True

# --- mail ---------------------------------------------------------------------------------------

# Where people reach the portal: the links in mails begin with it.
PUBLIC_URL = env.url(
    "PUBLIC_URL", f"http://localhost:{env.text('PORT', '8000')}", schemes=("http", "https")
).rstrip("/")
# For the demo: mails are kept on a page of the portal instead of being sent.
MAILBOX = env.flag("MAILBOX", default=False)
EMAIL_BACKEND = (
    "portal.notifications.mailbox.MailboxBackend"
    if MAILBOX
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.number("EMAIL_PORT", 587, least=1)
EMAIL_HOST_USER = env.text("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_TLS", default=True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "portal@localhost")
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")

# --- webhooks -----------------------------------------------------------------------------------

# Hosts besides Microsoft's documented one whose certificates are read, and the roots they chain up to.
WEBHOOK_CERTIFICATE_HOSTS = env.words("WEBHOOK_CERTIFICATE_HOSTS", "")
WEBHOOK_ROOTS = env.text("WEBHOOK_ROOTS", "")

# --- files --------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# A table that somebody uploads: larger ones are refused before they take memory.
INTAKE_MAX_BYTES = env.number("INTAKE_MAX_BYTES", 5_000_000, least=1)
INTAKE_MAX_ROWS = env.number("INTAKE_MAX_ROWS", 20_000, least=1)
FILE_UPLOAD_HANDLERS = [
    "portal.lists.intake.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- queue --------------------------------------------------------------------------------------

# Celery spells the socket and its database number its own way.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace(
    "?db=", "?virtual_host=", 1
)
# In memory: every interval is a minute at most, so a file saves nothing, and one that a kill cut short
# would let beat fall at each start.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 1800, "unacked_restore_throttle": 1}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# --- The mirror -----------------------------------------------------------------------------------

MIRROR_AGED_PERCENT = env.number("MIRROR_AGED_PERCENT", 40)
MIRROR_AGED_DAYS = env.number("MIRROR_AGED_DAYS", 1)

# --- Partner Center's rules that are known at second hand only ----------------------------------

EXTENDED_SERVICE_TERM = env.flag("EXTENDED_SERVICE_TERM", default=True)
EXTENDED_SERVICE_TERM_RULES = term_end.Rules(
    bought_since=env.day("EXTENDED_SERVICE_TERM_BOUGHT_SINCE", term_end.shipped().bought_since),
    ending_since=env.day("EXTENDED_SERVICE_TERM_ENDING_SINCE", term_end.shipped().ending_since),
    uplift_percent=env.number("EXTENDED_SERVICE_TERM_UPLIFT", term_end.shipped().uplift_percent),
    uplift_without_monthly_plan_percent=env.number(
        "EXTENDED_SERVICE_TERM_UPLIFT_NO_MONTHLY",
        term_end.shipped().uplift_without_monthly_plan_percent,
    ),
)

# --- Renewals -----------------------------------------------------------------------------------

# Terms that end within so many days ask for a decision: on the home page, in the list, in alerts.
RENEWAL_ALERT_DAYS = env.number("RENEWAL_ALERT_DAYS", 30, least=1)

# --- API ----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.access.authentication.TokenAuthentication",
        "portal.access.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.access.permissions.Entered"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.access.parsing.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "portal.access.refusals.handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {"TOKEN_MODEL": "access.ApiToken"}
# Its own token table would stand unused beside ours and block the flush of test databases.
MIGRATION_MODULES = {"knox": None}
KNOX_TOKEN_MODEL = "access.ApiToken"  # noqa: S105 - the name of a model
SPECTACULAR_SETTINGS = {
    "TITLE": "CSP Portal API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "CartStateEnum": "orders.carts.models.CartState",
        "CartLineStateEnum": "orders.carts.models.LineState",
        "ChangeStateEnum": "portal.outbox.states.State",
        "StepStateEnum": "portal.outbox.states.StepState",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.access.schema.refusals",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- history ------------------------------------------------------------------------------------

# pghistory's context travels as a plain statement on the same connection and transaction.
PGHISTORY_CONTEXT_FIELD = None
PGHISTORY_APPEND_ONLY = False

# --- logs ---------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.logs.json_formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"httpx": {"level": "WARNING"}, "django.server": {"level": "WARNING"}},
}

SILENCED_SYSTEM_CHECKS = (
    # Plain http is a choice of the operator (HTTPS=false), said once at start by portal.checks.
    [] if HTTPS else ["security.W004", "security.W008", "security.W012", "security.W016"]
)
