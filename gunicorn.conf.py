"""How the web process listens; gunicorn reads this file by itself."""

import os

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))
# Each worker opens its own pool of database connections: never preload the application.
preload_app = False
# The address of a list with many filters, and of Microsoft's answer to a consent, passes the default of 4,094.
limit_request_line = 8190
graceful_timeout = 10
timeout = 60
# The application writes one line for each request itself.
accesslog = None
control_socket_disable = True
