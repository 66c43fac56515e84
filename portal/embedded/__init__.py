"""Postgres and Valkey from wheels, and the supervisor of the demo: nothing here runs in production.

The one story: a folder is locked, servers are started in it as children of one process, what they are
reached by is published for other terminals, and everything is stopped in reverse order.
"""
