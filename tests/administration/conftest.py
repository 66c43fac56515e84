"""The emulator and a connection to it, as the tests of connections have them."""

from tests.connections.conftest import emulated, emulator, emulator_server

__all__ = ["emulated", "emulator", "emulator_server"]
