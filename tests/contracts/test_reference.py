"""The pages of docs/reference are what the code says today."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_reference_is_current() -> None:
    """In a process of its own: tests declare events and capabilities that are none of the product's."""
    call = [sys.executable, str(ROOT / "docs" / "reference" / "generate.py"), "--check"]
    done = subprocess.run(call, check=False, cwd=ROOT, capture_output=True, text=True)  # noqa: S603 - our own script
    assert done.returncode == 0, done.stderr
