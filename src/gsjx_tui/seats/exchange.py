"""What every exchange over the socket needs: who calls, the shapes of responses, refusals."""

from __future__ import annotations

import asyncio
import pwd
import socket
import struct
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from gsjx_tui.errors import Fault, GsjxError, StateError
from gsjx_tui.office.home import owns_ledger
from gsjx_tui.seats.wire import PROTOCOL, Malformed, dumps
from gsjx_tui.seats.work import Caller


def caller_of(transport: asyncio.BaseTransport, home: Path) -> Caller:
    """Who calls: the kernel knows whose process is at the other end."""
    peer: socket.socket = transport.get_extra_info("socket")
    packed = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", packed)
    try:
        login = pwd.getpwuid(uid).pw_name
    except KeyError:
        login = str(uid)
    return Caller(login, owns_ledger(home, uid))


def session_of(request: web.Request, caller: Caller) -> str:
    """The session that the caller names; nobody can name one of another login."""
    session = request.headers.get("Gsjx-Session", "")
    if not session or len(session) > 64:
        raise Malformed("no session")
    return f"{caller.login} {session}"


def as_json(value: object, status: int = 200) -> web.Response:
    """A response of plain JSON values."""
    return as_text(dumps(value), status)


def as_text(text: bytes, status: int = 200) -> web.Response:
    """A response whose JSON is text already."""
    return web.Response(body=text, status=status, content_type="application/json", charset="utf-8")


def in_lines() -> web.StreamResponse:
    """A response that goes on, a line of JSON for each thing that is told."""
    return web.StreamResponse(headers={"Content-Type": "application/x-ndjson; charset=utf-8"})


async def pieces_of(path: Path) -> AsyncIterator[bytes]:
    """The bytes of a file, a mebibyte at a time."""
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, 2**20):
            yield piece


def other_version(said: str) -> GsjxError:
    """What is said to a client that speaks another version."""
    what = f"服务说第 {PROTOCOL} 版，这边说第 {said or '?'} 版"
    return StateError(
        Fault("", f"程序与服务的版本不合（{what}）", "退出后重新登录；仍不行请管理员升级并重启服务")
    )


OTHER_FILES = StateError(
    Fault("", "活动设置或名册已经更新，这边还是原来的；这次操作没有做", "退出后重新打开再做")
)
NOT_UNDERSTOOD = StateError(
    Fault("", "服务没有听懂这个请求，什么也没有做", "退出后重新登录；仍不行请找管理员")
)
BROKEN = StateError(
    Fault("", "服务里出了意外，这次操作没有完成", "重做一次；仍不行请管理员查看服务日志")
)
