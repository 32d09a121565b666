"""``python -m tools.paper_templates [FOLDER]``: writes every template, by default as shipped."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.paper_templates.papers import PAPERS

SHIPPED = Path(__file__).parents[2] / "data" / "templates"


def write(folder: Path) -> None:
    """Writes every template into ``folder``, over those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAPERS.items():
        make().save(folder / name)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
