"""What every paper carries: its edition, or 未定稿, and the check code of its figures."""

from __future__ import annotations

from dataclasses import dataclass

DRAFT = "未定稿"


@dataclass(frozen=True)
class Mark:
    """``edition`` is the number of the edition whose figures the paper states, 0 for none yet.

    ``code`` is the check code of the figures (``check_code``).
    """

    edition: int
    code: str

    @property
    def stamp(self) -> str:
        """未定稿 on everything printed before its edition, else nothing."""
        return "" if self.edition else DRAFT

    @property
    def edition_name(self) -> str:
        """第1版; nothing before there is one."""
        return f"第{self.edition}版" if self.edition else ""

    def __str__(self) -> str:
        return f"{self.edition_name or DRAFT}　校验码 {self.code}"
