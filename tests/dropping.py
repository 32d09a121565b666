"""Programs of the tests run as another user of this machine, by root: ``python -m dropping …``.

The interpreter may lie where other users can't reach it: the process begins as root, imports all
that commands need, and only then becomes the user.
"""

from __future__ import annotations

import os
import pkgutil
import pwd
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from builders import SOURCES

_LEFT_OUT = ("gsjx_tui.tui", "gsjx_tui.demo")


def become(login: str, groups: Sequence[int], home: Path) -> None:
    """Becomes a user, for good."""
    import gsjx_tui
    from gsjx_tui.office.rubric import load_rubric

    for module in pkgutil.walk_packages(gsjx_tui.__path__, "gsjx_tui."):
        if not module.name.startswith(_LEFT_OUT):
            import_module(module.name)
    load_rubric(home)  # the plugins' own imports
    user = pwd.getpwnam(login)
    os.setgroups(groups)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def started_as(
    login: str, groups: Sequence[int], folder: Path, program: str, home: Path, *words: object
) -> subprocess.Popen[str]:
    """A program (``cli`` or ``calls``) begun as a user whose home folder is this one.

    Its environment says that it is somebody else's.
    """
    user = pwd.getpwnam(login)
    os.chown(folder, user.pw_uid, user.pw_gid)
    lies = dict.fromkeys(("USER", "LOGNAME", "SUDO_USER"), "man")
    path = f"{SOURCES}:{Path(__file__).parent}"
    environment = {**os.environ, "HOME": str(folder), "PYTHONPATH": path, **lies}
    listed = ",".join(map(str, groups))
    return subprocess.Popen(
        [sys.executable, "-m", "dropping", login, listed, program, str(home), *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
    )


def main() -> int:
    """Becomes the user, then is the program."""
    from calls import main as calls
    from gsjx_tui.cli import main as cli

    login, listed, program, home, *words = sys.argv[1:]
    become(login, [int(group) for group in listed.split(",") if group], Path(home))
    if program == "calls":
        calls(Path(home))
        return 0
    return cli([*words, "--home", home])


if __name__ == "__main__":
    sys.exit(main())
