"""How much memory this process keeps that it does not use."""

from __future__ import annotations

import ctypes

#: Numbers of ``mallopt`` in glibc's ``malloc.h``.
M_TRIM_THRESHOLD = -1
M_ARENA_MAX = -8

ARENAS = 1
#: What is free at the end of the heap beyond this goes back to the system.
TRIM_BYTES = 256 * 1024


def spare() -> None:
    """Ask the C library to keep one heap for all threads, and to give back what is free.

    Python's lock lets one thread work at a time, so heaps of their own for each thread, glibc's
    default, save no waiting and keep what each of them once used. Does nothing where the C library
    knows no such settings. Call it before threads start.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)
        mallopt(M_TRIM_THRESHOLD, TRIM_BYTES)
