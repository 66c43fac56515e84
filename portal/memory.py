"""What a process that reads long lists gives back to the system: pages of some megabytes, as soon as they are read.

Left to itself, glibc keeps such blocks for later, in a pool for each thread: a sync with several readers
held a quarter more memory than it needed at any moment.
"""

import ctypes

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
