"""A DOCX without the moment it was packed: the same paper is the same file, byte for byte."""

from __future__ import annotations

import io
import zipfile

_THEN = (1980, 1, 1, 0, 0, 0)
"""The first date that a zip archive can hold."""


def settled(content: bytes) -> bytes:
    """The archive with the same parts in the same order, all of one date."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in source.namelist():
            part = zipfile.ZipInfo(name, _THEN)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            packed.writestr(part, source.read(name))
    return target.getvalue()
