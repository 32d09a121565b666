"""Carries docs/deploy.md out on a bare Debian 12: every shell block, in order, as it stands.

A tree is made with debootstrap and booted with systemd-nspawn, so that systemd is the first
process and the units run with all their restrictions. The server gets the locked packages as
wheels, the way the manual describes for servers without a network. After the section on logging
in, people work over SSH at the same time, with the service restarted in between.

Needs root, git, debootstrap, systemd-container and an OpenSSH client; takes some minutes:

    python deploy/try_manual.py [--base TREE] [--wheels FOLDER] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import contextlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT / part) for part in ("src", "tests", "tests/e2e")]

from three_people import Door, three_people_at_once, turned_away  # noqa: E402

from gsjx_tui import __version__  # noqa: E402

SUITE = "bookworm"
SERVER = "systemd,systemd-sysv,dbus"
"""What every Debian server has beside the smallest installation."""

NEXT = "next"
"""The version upgraded to: the same source under another name."""

BOOTS = 90
"""Seconds that the machine may take to come up."""

_BLOCK = re.compile(r"^```sh *(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Block:
    """A shell block of the manual: its section's heading, its kind ('' for most), its text."""

    section: str
    kind: str
    text: str


def blocks(manual: str) -> list[Block]:
    """The shell blocks in order."""
    return [
        Block(section.partition("\n")[0], found["kind"], found["text"])
        for section in re.split(r"^## ", manual, flags=re.MULTILINE)[1:]
        for found in _BLOCK.finditer(section)
    ]


class Machine:
    """A booted tree. Its first process is systemd; the network is this machine's."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self._set = ""
        command = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--boot", "-D"]
        self._process = subprocess.Popen(
            [*command, str(tree)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._first = self._booted()

    def _booted(self) -> str:
        """The first process, once what it starts at boot is there."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        end = time.monotonic() + BOOTS
        while time.monotonic() < end and self._process.poll() is None:
            time.sleep(0.5)
            self._first = children.read_text().strip()
            if self._first and (self.tree / "run").exists():
                state = self._inside("systemctl is-system-running").stdout.strip()
                if state in ("running", "degraded"):
                    return self._first
        raise SystemExit("the machine doesn't come up")

    def block(self, text: str) -> str:
        """Carries a block out and shows it. What it sets (a version) holds for the later ones."""
        print("\n".join(f"# {line}" for line in text.splitlines()), flush=True)
        said = self.run(self._set + text)
        print(said, flush=True)
        setting = [line for line in text.splitlines() if re.match(r"[A-Z]+=|umask ", line)]
        self._set += "".join(f"{line}\n" for line in setting)
        return said

    def run(self, text: str) -> str:
        """What a script prints, run by root. Ends the trial if it fails."""
        done = self._inside(text)
        if done.returncode:
            raise SystemExit(f"{done.stdout}\nfailed with {done.returncode}:\n{text}")
        return done.stdout

    def _inside(self, text: str) -> subprocess.CompletedProcess[str]:
        enter = ["nsenter", "-t", self._first, "-m", "-u", "-i", "-p"]
        enter += ["env", "--chdir=/root", "-i"]
        variables = [f"PATH={_PATH}", "HOME=/root", "DEBIAN_FRONTEND=noninteractive"]
        variables += ["PIP_NO_INDEX=1", "PIP_FIND_LINKS=/root/wheels"]
        return subprocess.run(
            [*enter, *variables, "bash", "-euo", "pipefail", "-c", text],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )

    def halt(self) -> None:
        """Shuts it down."""
        self._process.terminate()
        try:
            self._process.wait(BOOTS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def made(tree: Path, base: Path | None) -> None:
    """A tree with nothing but what a Debian server has."""
    if base is None:
        command = ["debootstrap", "--variant=minbase", f"--include={SERVER}", SUITE, str(tree)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    else:
        subprocess.run(["cp", "-a", str(base), str(tree)], check=True)
    shutil.copy("/etc/resolv.conf", tree / "etc" / "resolv.conf")


def brought(root: Path, logins: list[str], wheels: Path | None) -> None:
    """What the administrator brings along in /root: source, wheels, people's public keys."""
    for version in (__version__, NEXT):
        archive = ["git", "archive", f"--prefix=gsjx-{version}/", "--format=tar.gz", "HEAD"]
        with (root / f"gsjx-{version}.tar.gz").open("wb") as file:
            subprocess.run(archive, cwd=PROJECT, stdout=file, check=True)
    if wheels is None:
        command = [sys.executable, "-m", "pip", "download", "-q", "--require-hashes"]
        lock = str(PROJECT / "requirements" / "run.lock")
        subprocess.run([*command, "-d", str(root / "wheels"), "-r", lock], check=True)
    else:
        shutil.copytree(wheels, root / "wheels")
    (root / "keys").mkdir()
    for login in logins:
        key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(root / "keys" / login)]
        subprocess.run(key, check=True)


@contextlib.contextmanager
def machine(arguments: argparse.Namespace) -> Iterator[Machine]:
    """A bare machine under way; shut down and taken away afterwards."""
    with tempfile.TemporaryDirectory(prefix="gsjx-manual-") as folder:
        tree = Path(folder) / "tree"
        made(tree, arguments.base)
        logins = ["guanli", "luru", "fuhe", "fuze", "waibu", "bujia"]
        brought(tree / "root", logins, arguments.wheels)
        here = Machine(tree)
        try:
            yield here
        finally:
            here.halt()
            if arguments.keep is not None:
                shutil.move(tree, arguments.keep)


def another_port(here: Machine) -> int:
    """Has sshd listen on a free port of loopback: the network is this machine's as well."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    chosen = here.tree / "etc" / "ssh" / "sshd_config.d" / "00-port.conf"
    chosen.write_text(f"Port {port}\nListenAddress 127.0.0.1\n")
    here.run("systemctl restart ssh")
    return port


def people(here: Machine) -> None:
    """Three people at once, then two who may not: not on the list, not in the group."""
    keys = here.tree / "root" / "keys"
    door = Door(another_port(here), keys)
    three_people_at_once(
        door,
        ("luru", "fuhe", "fuze"),
        lambda: here.run("systemctl restart gsjx"),
        lambda: here.run("kill -9 $(systemctl show -P MainPID gsjx)"),
    )
    for login, groups in (("waibu", "--groups kaohe"), ("bujia", "")):
        here.run(
            f"useradd --create-home {groups} --shell /bin/bash {login};"
            f"install -d -m 700 -o {login} -g {login} /home/{login}/.ssh;"
            f"install -m 600 -o {login} -g {login} /root/keys/{login}.pub"
            f" /home/{login}/.ssh/authorized_keys"
        )
    print(turned_away(door, "waibu", "不在人员名单上"))
    print(turned_away(door, "bujia", "没有权限进入活动文件夹", "gsjx --home /srv/gsjx"))
    for path in ("ledger.duckdb", "备份"):
        here.run(f"! runuser -u luru -- ls /srv/gsjx/{path}/ 2>/dev/null")
        here.run(f"! runuser -u luru -- cat /srv/gsjx/{path} 2>/dev/null")


def confined(here: Machine) -> None:
    """What systemd has really put in force around the service, as the kernel shows it."""
    process = "process=/proc/$(systemctl show -P MainPID gsjx)\n"
    status = here.run(f"{process} cat $process/status")
    for line in ("NoNewPrivs:\t1", "Seccomp:\t2", "CapBnd:\t0000000000000000"):
        assert line in status, status
    enter = f"{process} nsenter --mount --net --target ${{process#/proc/}}"
    assert here.run(f"{enter} ls -A /home").strip() == ""
    for folder, writable in (("/srv/gsjx", True), ("/etc", False), ("/opt/gsjx", False)):
        tried = f"{enter} sh -c 'touch {folder}/.tried 2>/dev/null && rm {folder}/.tried'"
        done = here.run(f"{tried} && echo yes || echo no").strip()
        assert done == ("yes" if writable else "no"), folder
    nets = here.run(f"{process} readlink $process/ns/net /proc/1/ns/net").split()
    assert nets[0] != nets[1], "the network of everybody"
    limits = here.run(f"{process} cat $process/limits; systemctl show -p MemoryMax gsjx")
    print("\n".join(line for line in limits.splitlines() if "Mem" in line or "core" in line))


def main() -> None:
    """The whole manual."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, help="a tree of debootstrap's, copied")
    parser.add_argument("--wheels", type=Path, help="the packages of run.lock")
    parser.add_argument("--keep", type=Path, help="where the tree is put at the end")
    manual = (PROJECT / "docs" / "deploy.md").read_text("utf-8")
    with machine(parser.parse_args()) as here:
        worked = False
        for block in blocks(manual):
            if block.section.startswith("8") and not worked:
                confined(here)
                people(here)
                worked = True
            if block.kind == "upgrade":
                here.block(f"VERSION={NEXT}\n")
            print(f"## {block.section}")
            here.block(block.text)
        print(here.run("systemctl --failed --no-legend; ls -la /srv/gsjx"))


if __name__ == "__main__":
    main()
