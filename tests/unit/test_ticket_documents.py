"""Papers: every kind is filled, escaped, and printed with its fonts; faults of edited templates are named."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from ticketing.documents import (
    KINDS,
    SAMPLE,
    PdfFailed,
    TemplateFault,
    content_fields,
    default_template,
    render,
    template_for,
    to_pdf,
)

pytestmark = pytest.mark.unit

ORDER = KINDS["dispatch_order"]


def _words(paper: bytes) -> str:
    document = Document(io.BytesIO(paper))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def _template(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_is_filled_and_leaves_no_placeholder(kind) -> None:
    words = _words(render(kind, SAMPLE, default_template(kind)))
    assert f"{kind.series}〔2026〕12号" in words
    assert kind.zh in words
    assert SAMPLE.office in words
    assert SAMPLE.title in words
    assert not re.search(r"\{\{|\{%|None", words)


def test_every_item_of_an_order_is_listed_with_its_result() -> None:
    words = _words(render(ORDER, SAMPLE, default_template(ORDER)))
    for item in SAMPLE.items:
        assert item.text in words
        assert item.result in words


@pytest.mark.parametrize("code", ["dispatch_order", "transfer_sheet", "closing_report"])
def test_hand_overs_to_emergency_services_are_told_and_the_row_is_gone_where_there_were_none(code: str) -> None:
    two = (*SAMPLE.handed_over, "2026年3月6日14时9分 120 急救（李明）：未接通")
    told = _words(render(KINDS[code], replace(SAMPLE, handed_over=two), default_template(KINDS[code])))
    assert "紧急转接" in told
    assert "\n".join(two) in told
    without = render(KINDS[code], replace(SAMPLE, handed_over=()), default_template(KINDS[code]))
    assert "紧急转接" not in _words(without)
    rows = [len(Document(io.BytesIO(paper)).tables[0].rows) for paper in (default_template(KINDS[code]), without)]
    assert rows[0] - rows[1] == 3, "the row and its condition"


def test_markup_in_a_citizens_words_stays_text() -> None:
    hostile = '<w:p/>&"{{ 7*7 }}'
    assert hostile in _words(render(ORDER, replace(SAMPLE, text=hostile), default_template(ORDER)))


def test_a_part_with_nothing_to_say_is_left_out() -> None:
    letter = KINDS["supervision_letter"]
    assert "督办意见" in _words(render(letter, SAMPLE, default_template(letter)))
    assert "督办意见" not in _words(render(letter, replace(SAMPLE, opinion=""), default_template(letter)))


def test_an_offices_own_template_is_used(tmp_path: Path) -> None:
    (tmp_path / "dispatch_order.docx").write_bytes(_template("本市式样 {{ number }}"))
    assert _words(render(ORDER, SAMPLE, template_for(ORDER, tmp_path))) == f"本市式样 {SAMPLE.number}"


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (_template("{{ telephone }}"), "names a value that does not exist: 'telephone'"),
        (_template("{% if number %}"), "Unexpected end of template|endif"),
        (_template("{{ number.__class__.__mro__ }}"), "may not do"),
        (b"not a word file", "is not a Word file"),
    ],
)
def test_faults_are_named(template: bytes, reason: str) -> None:
    with pytest.raises(TemplateFault, match=f"dispatch_order.docx.*({reason})"):
        render(ORDER, SAMPLE, template)


def test_what_templates_may_name_is_listed() -> None:
    assert {"office", "number", "items", "document_number"} <= set(content_fields())


def test_the_pdf_carries_its_fonts_and_an_ordinary_order_fits_one_page(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    ordinary = replace(SAMPLE, handed_over=())
    path.write_bytes(to_pdf(render(ORDER, ordinary, default_template(ORDER))))
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert re.search(r"Pages:\s+1\n", info)
    assert fonts
    assert all("CJK" in line and line.split()[-5:-4] == ["yes"] for line in fonts)


def test_without_the_converter_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(PdfFailed, match="apt-get install libreoffice-writer-nogui"):
        to_pdf(b"")
