"""Thin handlers, one module per resource family: unpack the call, ask the state, answer."""
