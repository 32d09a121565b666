"""Papers and tables as PDF, by way of LibreOffice where it is installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from gsjx_tui.documents.placing import ExportError, placed_together
from gsjx_tui.errors import Fault, GsjxError

PATIENCE = 60.0
"""Seconds for LibreOffice to start, first profile included."""
PATIENCE_EACH = 15.0
"""Seconds for every further file."""

_NAMES = ("soffice", "libreoffice")
_PLACES = (
    "/opt/libreoffice*/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
_SERIF, _SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"
_STAND_INS = {
    "方正小标宋简体": ("方正小标宋_GBK", "华文中宋", "SimSun", _SERIF),
    "仿宋_GB2312": ("仿宋", "FangSong", "华文仿宋", "FandolFang", _SERIF),
    "楷体_GB2312": ("楷体", "KaiTi", "华文楷体", "FandolKai", _SERIF),
    "宋体": ("SimSun", _SERIF),
    "黑体": ("SimHei", _SANS),
}
"""For the fonts that GB/T 9704 names, where they aren't installed."""
_REMEDY = "安装 LibreOffice（Debian、Ubuntu：apt install libreoffice-writer libreoffice-calc）"


class PdfError(GsjxError):
    """A PDF can't be made: LibreOffice is missing, hung, or didn't take the file."""


def find_soffice() -> Path | None:
    """LibreOffice's program, or None where it isn't installed."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    for pattern in _PLACES:
        root = Path(pattern).anchor
        for path in sorted(Path(root).glob(pattern[len(root) :]), reverse=True):
            return path
    return None


def to_pdf(sources: Sequence[Path], folder: Path, *, patience: float = 0) -> tuple[Path, ...]:
    """A PDF in ``folder`` for each DOCX or XLSX, of the same name; where they are.

    All of them or none, never over a file that is there. ``patience`` is how many seconds
    LibreOffice may take for all, by default by their number. It works in a profile of its own,
    so that an open LibreOffice of the same person neither hinders it nor is touched. Raises
    PdfError, ExportError.
    """
    soffice = find_soffice()
    if soffice is None:
        raise PdfError(Fault("", "没有找到 LibreOffice，不能转成 PDF", f"{_REMEDY}后再试"))
    stems = [source.stem for source in sources]
    twice = sorted({stem for stem in stems if stems.count(stem) > 1})
    if twice:
        raise PdfError(Fault("", f"有同名的文件：{'、'.join(twice)}", "分开转换"))
    names = [f"{stem}.pdf" for stem in stems]
    seconds = patience or PATIENCE + PATIENCE_EACH * len(sources)
    with placed_together(folder, names) as drafts, _workplace() as place:
        _convert(soffice, sources, place, seconds)
        for source, name, draft in zip(sources, names, drafts, strict=True):
            made = place / "pdf" / name
            if not made.is_file() or not made.stat().st_size:
                raise PdfError(
                    Fault(str(source), "LibreOffice 没有转成 PDF", "用 LibreOffice 打开核对该文件")
                )
            shutil.copyfile(made, draft)
    return tuple(folder / name for name in names)


@contextlib.contextmanager
def _workplace() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="gsjx-pdf-", ignore_cleanup_errors=True) as place:
        yield Path(place)


def _convert(soffice: Path, sources: Sequence[Path], place: Path, seconds: float) -> None:
    profile = (place / "profile").as_uri()
    command = [
        *(str(soffice), f"-env:UserInstallation={profile}", "--headless", "--norestore"),
        *("--nolockcheck", "--convert-to", "pdf", "--outdir", str(place / "pdf")),
        *(str(source.resolve()) for source in sources),
    ]
    log = place / "log"
    try:
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=place,
                env={**os.environ, "FONTCONFIG_FILE": str(_fonts(place))},
            )
            try:
                process.wait(timeout=seconds)
            finally:
                _end(process)
    except subprocess.TimeoutExpired:
        raise PdfError(
            Fault("", f"LibreOffice 在 {seconds:.0f} 秒内没有转完，已停止", "分批再试")
        ) from None
    except OSError as error:
        raise PdfError(Fault(str(soffice), "LibreOffice 不能启动", _REMEDY)) from error
    if process.returncode:
        said = log.read_text("utf-8", errors="replace").strip().splitlines()[-1:]
        raise PdfError(
            Fault("", f"LibreOffice 出错退出（{process.returncode}）", "重新启动后再试"),
            *(Fault("供管理员参考", line.rstrip(".")) for line in said),
        )


def _fonts(place: Path) -> Path:
    """The system's font settings, and what stands in for the standard's fonts."""
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer>'
        + "".join(f"<family>{other}</family>" for other in others)
        + "</prefer></alias>"
        for name, others in _STAND_INS.items()
    )
    system = os.environ.get("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
    path = place / "fonts.conf"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>{aliases}'
        f'<include ignore_missing="yes">{escape(system)}</include></fontconfig>',
        "utf-8",
    )
    return path


def _end(process: subprocess.Popen[bytes]) -> None:
    """``soffice`` is a script that starts others: what is left of them ends with it."""
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


__all__ = ["ExportError", "PdfError", "find_soffice", "to_pdf"]
