"""What a selection of rows says of itself."""

import pytest

from portal.ui.bulk import Selection


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=contoso+status%3Aactive&size=25&sort=-name&after=x", "contoso status:active"),
        ("status=active&term=P1Y", "status:active term:P1Y"),
        ("", ""),
    ],
)
def test_a_filter_is_said_as_it_would_be_typed(query, said):
    assert Selection(query=query).said == said
