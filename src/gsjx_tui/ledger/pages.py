"""Pages of DuckDB's library that only loading and opening needed are unmapped again.

Loading it reads its symbol and relocation tables, opening a file runs the code that registers some
thousand functions: 20 MB that are never used again but count as this process's as long as they are
mapped. They are pages of a file that is shared and not changed: what is used after all is mapped
again from the system's cache, some dozen at a time.
"""

from __future__ import annotations

import ctypes
import mmap
import re
from pathlib import Path

_HEAD = re.compile(
    r"(?P<start>[0-9a-f]+)-(?P<end>[0-9a-f]+) (?P<rights>\S+) \S+ \S+ \S+ +(?P<path>.+)"
)


def unmap(library: str) -> int:
    """Unmaps the unchanged, read-only pages of a library; how many bytes of it were let go of.

    Nothing where Linux doesn't say which they are.
    """
    try:
        described = Path("/proc/self/smaps").read_text("utf-8", errors="replace")
        advise = ctypes.CDLL(None).madvise
    except (OSError, AttributeError):
        return 0
    advise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    done = 0
    for start, end, resident in unchanged(described, library):
        if advise(start, end - start, mmap.MADV_DONTNEED) == 0:
            done += resident
    return done


def unchanged(described: str, library: str) -> list[tuple[int, int, int]]:
    """Start, end and resident bytes of a file's mappings in which this process can't have written.

    ``described`` is as in ``/proc/PID/smaps``. A mapping that has pages of the process's own
    (relocated ones, say) is none of them: those pages would be lost.
    """
    found = []
    part: re.Match[str] | None = None
    numbers: dict[str, int] = {}
    for line in [*described.splitlines(), "0-0 end 0 0 0 end"]:
        head = _HEAD.fullmatch(line)
        if head is None:
            name, _, rest = line.partition(":")
            if rest.endswith(" kB"):
                numbers[name] = int(rest.split()[0]) << 10
            continue
        if part is not None and part["path"] == library and "w" not in part["rights"]:
            own = [numbers.get(name) for name in ("Anonymous", "Swap")]
            if own == [0, 0]:
                found.append((int(part["start"], 16), int(part["end"], 16), numbers["Rss"]))
        part, numbers = head, {}
    return found
