"""Peak memory of ``kuaizheng check FOLDER``: run as a process of its own, small before it starts.

``python -m tests.benchmarks.memory FOLDER`` prints two numbers: the highest resident memory, in bytes, of the
checking process and of its decoding child. Their sum is an upper bound: the decoded photo lies in memory that both
share and is counted twice, and the two peaks need not fall together. Linux only (``VmHWM`` of ``/proc``).
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.clock import children

ROOT = Path(__file__).resolve().parents[2]


def peak_bytes(pid: int) -> int:
    """Highest resident set of a running process since it began its program."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found, "not on Linux"
    return 1024 * int(found[1])


def of_check(folder: Path) -> tuple[int, int]:
    """Peaks of the checking process and of its decoder. Raises `CalledProcessError` if the check could not run."""
    command = [sys.executable, "-m", "tests.benchmarks.memory", str(folder)]
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    own, decoder = (int(number) for number in told.split())
    return own, decoder


def main(folder: str) -> None:
    from service.cli import COULD_NOT_RUN
    from service.cli import main as check

    with contextlib.redirect_stdout(io.StringIO()):
        try:
            check(["check", folder])
        except SystemExit as end:
            if end.code == COULD_NOT_RUN:
                raise
    print(peak_bytes(os.getpid()), sum(map(peak_bytes, children())))


if __name__ == "__main__":
    main(sys.argv[1])
