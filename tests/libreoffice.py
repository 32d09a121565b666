"""A real LibreOffice for the tests: cells filled in by it as a person's program would."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from gsjx_tui.documents.pdf import find_soffice

_SYSTEM_PYTHON = "/usr/bin/python3"
"""The one that has LibreOffice's ``uno``; ours lives in an environment of its own."""

_FILL = """
import json, sys, time
import uno
from com.sun.star.beans import PropertyValue

pipe, source, target, sheet, cells = sys.argv[1:6]
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext(
    "com.sun.star.bridge.UnoUrlResolver", local)
for attempt in range(300):
    try:
        context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.1)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

def named(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made

document = desktop.loadComponentFromURL(source, "_blank", 0, (named("Hidden", True),))
page = document.Sheets.getByName(sheet)
for address, value in json.loads(cells).items():
    cell = page.getCellRangeByName(address)
    if isinstance(value, str):
        cell.setString(value)
    else:
        cell.setValue(value)
kept = {
    "visible": [s.Name for s in document.Sheets if s.IsVisible],
    "protected": page.isProtected(),
    "key column": page.Columns.getByIndex(0).IsVisible,
}
for address in ("H5", "I5", "B5", "D5"):
    kept[address] = page.getCellRangeByName(address).CellProtection.IsLocked
rule = page.getCellRangeByName("H5").Validation
kept["rule"] = [rule.Type.value, rule.getFormula1(), rule.ErrorMessage]
document.storeToURL(target, (named("FilterName", "Calc MS Excel 2007 XML"),))
document.close(True)
print(json.dumps(kept))
try:
    desktop.terminate()
except Exception:
    pass
"""


def needed() -> None:
    """Skips where LibreOffice or its Python isn't installed; the project's own checks have it."""
    if find_soffice() is None or not Path(_SYSTEM_PYTHON).exists():
        pytest.skip("LibreOffice is not installed")
    probe = subprocess.run([_SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("python3-uno is not installed")


def fill(source: Path, target: Path, sheet: str, cells: Mapping[str, object]) -> dict[str, object]:
    """Opens a workbook in LibreOffice, writes the cells, saves as XLSX; what it saw of it."""
    needed()
    soffice = find_soffice()
    profile = target.parent / "profile"
    pipe = f"gsjx-{os.getpid()}-{target.name.encode().hex()}"
    office = subprocess.Popen(
        [
            *(str(soffice), f"-env:UserInstallation={profile.as_uri()}", "--headless"),
            *("--norestore", f"--accept=pipe,name={pipe};urp;"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        done = subprocess.run(
            [
                *(_SYSTEM_PYTHON, "-c", _FILL, pipe, source.as_uri(), target.as_uri(), sheet),
                json.dumps(cells),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        )
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(office.pid, signal.SIGKILL)
        office.wait()
        shutil.rmtree(profile, ignore_errors=True)
    # Its Python may crash while it ends, after all was done: what it printed last is what counts.
    assert done.stdout and target.exists(), (done.returncode, done.stderr)
    seen: dict[str, object] = json.loads(done.stdout)
    return seen
