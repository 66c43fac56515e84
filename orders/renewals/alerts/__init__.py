"""Alerts: what people are told of terms and windows, only while something can still be decided, and once."""
