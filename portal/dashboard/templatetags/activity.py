"""Entries of the log in templates: ``{{ entry|entry_what }}`` and ``{{ entry|entry_who }}``."""

from django import template

from portal.dashboard.activity_log import wording

register = template.Library()
register.filter("entry_what", wording.what)
register.filter("entry_who", wording.who)
register.filter("operation_words", wording.operation)
