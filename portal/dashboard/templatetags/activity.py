"""Entries of the log in templates: ``{{ entry|entry_what }}``, ``{{ entry|entry_who }}`` and the like."""

from django import template

from portal.dashboard.activity_log import wording

register = template.Library()
register.filter("entry_what", wording.what)
register.filter("entry_who", wording.who)
register.filter("entry_made_in", wording.made_in)
register.filter("entry_outcome", wording.outcome)
register.filter("entry_values", wording.values_changed)
register.filter("operation_words", wording.operation)
