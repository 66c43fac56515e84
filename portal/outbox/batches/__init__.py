"""Batches: one verb for many targets. Captured, checked without sending, confirmed, then fed in portions."""
