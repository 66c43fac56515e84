"""Mails about renewals to many customers: chosen on the due list, checked, sent one a customer, kept with each term."""
