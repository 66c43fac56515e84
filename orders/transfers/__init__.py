"""Transfers of subscriptions between partners: asked for as the target, approved as the source, followed to the end."""
