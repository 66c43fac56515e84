"""Tests that share a portal, or a Chromium, run in one process."""

import pytest


def test_every_group_is_known_to_whoever_hands_out_the_tests(
    request: pytest.FixtureRequest,
) -> None:
    """pytest-xdist hangs a group's name on an id; where that no longer works it says nothing."""
    if not getattr(request.config.option, "loadgroup", False):  # one process runs them all
        return
    unknown = [
        item.nodeid
        for item in request.session.items
        if item.get_closest_marker("xdist_group") and "@" not in item.nodeid.rpartition("]")[2]
    ]
    assert unknown == []
