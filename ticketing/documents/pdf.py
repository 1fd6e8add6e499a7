"""Word to PDF, by LibreOffice without a window: what prints is what the office's own template looks like.

The PDF holds the parts of the fonts it uses (LibreOffice embeds always), so it looks the same everywhere.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

PROGRAM = "soffice"
SECONDS = 60


class PdfFailed(Exception):
    """No PDF came out; the Word file stays available.  The text says what to do."""


def to_pdf(word: bytes) -> bytes:
    """The same paper as PDF.  Takes one to three seconds; run it off the event loop.  Raises PdfFailed."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise PdfFailed("PDF needs LibreOffice: apt-get install libreoffice-writer-nogui fonts-noto-cjk")
    with tempfile.TemporaryDirectory(prefix="hotline-pdf-") as folder:
        source = Path(folder) / "paper.docx"
        source.write_bytes(word)
        # a profile of its own for each run: two runs on one profile wait for each other or fail
        command = [
            program,
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf:writer_pdf_Export",
            "--outdir",
            folder,
            str(source),
        ]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - no shell, fixed words
        except subprocess.TimeoutExpired as error:
            raise PdfFailed(f"LibreOffice gave no PDF within {SECONDS} s") from error
        made = source.with_suffix(".pdf")
        if not made.is_file():
            raise PdfFailed(f"LibreOffice gave no PDF (exit {done.returncode})")
        return made.read_bytes()
