"""What a child process that meets somebody else's input may use: memory, time, no files."""

from __future__ import annotations

import contextlib
import signal


def bound(memory: int, seconds: int) -> None:
    """This process gets ``memory`` MiB of address space, may write no file and no core dump, and
    is ended by an alarm after ``seconds``; as far as the system knows such limits."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with contextlib.suppress(AttributeError):
        signal.alarm(seconds)
