"""What can go wrong before the portal runs, said in one sentence that names the way on."""


class EmbeddedError(Exception):
    """The servers or the demo cannot run; the text is meant for the person at the terminal."""
