"""What our processes do about memory: large blocks go back, and what is loaded for good is not looked through.

Left to itself, glibc keeps blocks of some megabytes for later, in a pool for each thread: a sync with several
readers held a quarter more memory than it needed at any moment. Python looks for garbage in all that it
has loaded, again and again: a tenth of a long command's time.
"""

import contextlib
import ctypes
import gc
from collections.abc import Iterator

# Parameters of mallopt(3).
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
LARGE = 512 * 1024
POOLS = 2


def give_back() -> None:
    """Have large blocks taken from the system and given back one by one; nothing where there is no glibc."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(_MMAP_THRESHOLD, LARGE)
    mallopt(_ARENA_MAX, POOLS)


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Load what the process keeps to its end in this block: no garbage is looked for in it, nor later."""
    gc.disable()
    yield
    keep()


def keep() -> None:
    """Leave what is there by now out of every later search for garbage, and search more seldom."""
    gc.freeze()
    gc.set_threshold(2_000, 10, 10)
    gc.enable()
