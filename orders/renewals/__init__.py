"""Renewals: which terms end, what was decided about each and by whom, and what each choice would cost."""
