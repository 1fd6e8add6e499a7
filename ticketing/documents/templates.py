"""The templates that ship, drawn with python-docx in the measures of GB/T 9704-2012.

Two shapes: a letter (to a unit, paragraphs, date and seal at the right) and a form (a ruled table with rows to be
filled and signed).  The standard's typefaces are not free; the templates ask for Noto's Song and a serif as they are
installed, and an office puts its own into its edited copy.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from ticketing.documents.content import DocumentKind

FONT = "Noto Serif CJK SC"
_RED = RGBColor(0xC0, 0x10, 0x10)
_SIGNATURE = "经办人（签字）：{{ handler }}{{ signature_mark }}        联系电话：{{ handler_number }}"
_DAY = "{{ signed_on or '        年    月    日' }}"
_APPROVAL = f"分管领导审批：{{{{ leader }}}}\n\n{{{{ seal_mark }}}}{{{{ seal or '单位' }}}}（盖章）        {_DAY}"


@dataclass(frozen=True)
class Letter:
    """Paragraphs to the lead unit."""

    paragraphs: Sequence[str]


@dataclass(frozen=True)
class Form:
    """Rows of (label, value) cells; a label ending in "*" gets a high row to write in.  A row of one cell is a
    condition around the rows that follow (docxtpl's ``{%tr``), and gone from the paper."""

    rows: Sequence[tuple[str, ...]]


_ABOUT = (
    ("编    号", "{{ number }}", "受理日期", "{{ accepted_on }}"),
    ("诉求类别", "{{ kind }}", "事项分类", "{{ category }}"),
)
_CALLER = (("诉求人", "{{ caller_name }}", "联系电话", "{{ caller_number }}"), ("事发地点", "{{ place }}"))
_MATTER = (("标    题", "{{ title }}"), ("诉求内容*", "{{ text }}"))
_HANDED_OVER = (
    ("{%tr if handed_over %}",),
    ("紧急转接", "{% for one in handed_over %}{{ one }}{% if not loop.last %}\n{% endif %}{% endfor %}"),
    ("{%tr endif %}",),
)
_ITEMS = (
    "{% for item in items %}{{ loop.index }}．{{ item.text }}{% if not loop.last %}\n{% endif %}"
    "{% else %}{{ title }}{% endfor %}"
)
_RESULTS = (
    "{% for item in items %}{{ loop.index }}．{{ item.text }}\n"
    "    办理结果：{{ item.result }}{% if not loop.last or result %}\n{% endif %}{% endfor %}{{ result }}"
)
_UNITS = (
    ("主办单位", "{{ unit }}", "协办单位", "{{ assisting | join('、') }}"),
    ("办理时限", "{{ due }}", "依    据", "{{ basis }}"),
)
_REQUEST = (("申请单位", "{{ unit }}", "原定期限", "{{ due }}"),)

_BASIS = "{% if basis %}（依据：{{ basis }}）{% endif %}"

_SHAPES: dict[str, Letter | Form] = {
    "dispatch_order": Form(
        (*_ABOUT, *_CALLER, *_MATTER, *_HANDED_OVER, ("交办事项*", _ITEMS), *_UNITS, ("拟办意见*", "{{ opinion }}"),
         ("办理结果*", _RESULTS), ("群众意见", "{{ satisfaction }}"), ("签    批*", f"{_SIGNATURE}\n{_APPROVAL}"))
    ),
    "transfer_sheet": Form(
        (*_ABOUT, *_CALLER, *_MATTER, *_HANDED_OVER, ("转送单位", "{{ unit }}"), ("转送意见*", "{{ opinion }}"),
         ("接收签章*", "接收人（签字）：\n\n单位（盖章）                年    月    日"))
    ),
    "electronic_dispatch_letter": Letter(
        (
            "现将编号 {{ number }} 的{{ kind }}事项“{{ title }}”交由你单位办理{% if assisting %}，"
            "由{{ assisting | join('、') }}协助办理{% endif %}。",
            "诉求内容：{{ text }}",
            "{% if opinion %}批示意见：{{ opinion }}{% endif %}",
            "请{% if due %}于{{ due }}{% else %}抓紧{% endif %}办结，直接答复诉求人，"
            f"并将办理结果报我办。{_BASIS}",
        )
    ),
    "supervision_letter": Letter(
        (
            "你单位承办的编号 {{ number }} 事项“{{ title }}”{% if reason %}，{{ reason }}{% endif %}。现予督办"
            "{% if times %}，这是第 {{ times }} 次督办{% endif %}。",
            "{% if opinion %}督办意见：{{ opinion }}{% endif %}",
            "请{% if due %}于{{ due }}{% else %}立即{% endif %}办结，"
            f"并书面报告办理结果和责任人。{_BASIS}",
        )
    ),
    "urging_notice": Letter(
        (
            "我办于{{ accepted_on }}受理并交你单位办理的编号 {{ number }} 事项“{{ title }}”，"
            "{% if due %}应于{{ due }}办结，{% endif %}至今未收到办理结果或者情况说明。",
            "{% if opinion %}催办意见：{{ opinion }}{% endif %}",
            "现{% if times %}第 {{ times }} 次{% endif %}催办，请立即办理，并于收到本通知之日书面说明情况。"
            f"{_BASIS}",
        )
    ),
    "rectification_letter": Letter(
        (
            "经核查，你单位在办理群众诉求中存在以下问题：{{ reason or '________________' }}。",
            "涉及事项：编号 {{ number }}，“{{ title }}”。",
            "{% if opinion %}整改要求：{{ opinion }}{% endif %}",
            "请{% if due %}于{{ due }}{% else %}立即{% endif %}完成整改，并将整改措施和结果书面报我办。"
            f"{_BASIS}",
        )
    ),
    "closing_report": Form(
        (*_ABOUT, *_CALLER, *_MATTER, *_HANDED_OVER, ("承办单位", "{{ unit }}"), ("办理过程*", "{{ plan }}"),
         ("办理结果*", _RESULTS), ("群众意见", "{{ satisfaction }}"), ("签    批*", f"{_SIGNATURE}\n{_APPROVAL}"))
    ),
    "extension_request": Form(
        (*_ABOUT, ("标    题", "{{ title }}"), *_REQUEST, ("申请延期", "{{ length }}", "延期至", "{{ wake_up }}"),
         ("依    据", "{{ basis }}"), ("延期理由*", "{{ reason }}"),
         ("办理计划*", "{{ plan }}"), ("申请单位*", f"{_SIGNATURE}\n{_APPROVAL}"), ("审核意见*", "{{ opinion }}"))
    ),
    "return_request": Form(
        (*_ABOUT, ("标    题", "{{ title }}"), *_REQUEST, ("退回理由*", "{{ reason }}"), ("依    据", "{{ basis }}"),
         ("申请单位*", f"{_SIGNATURE}\n{_APPROVAL}"), ("审核意见*", "{{ opinion }}"))
    ),
    "termination_request": Form(
        (*_ABOUT, ("标    题", "{{ title }}"), *_REQUEST, ("依    据", "{{ basis }}"), ("终止理由*", "{{ reason }}"),
         ("已办情况*", "{{ result }}"),
         ("向诉求人说明情况*", "{{ plan }}"), ("申请单位*", f"{_SIGNATURE}\n{_APPROVAL}"),
         ("审核意见*", "{{ opinion }}"))
    ),
    "promise_sheet": Form(
        (*_ABOUT, *_CALLER, ("标    题", "{{ title }}"), ("暂不能解决的原因*", "{{ reason }}"),
         ("承诺事项*", "{{ plan }}"), ("兑现条件", "{{ condition }}"),
         ("再次办理日期", "{{ wake_up }}", "依    据", "{{ basis }}"), ("承诺单位*", f"{_SIGNATURE}\n{_APPROVAL}"))
    ),
}  # fmt: skip


def default_template(kind: DocumentKind) -> bytes:
    """The shipped template of a kind, a Word file."""
    document = Document()
    _page(document)
    _line(document, "{{ office }}", 26, centre=True, colour=_RED, after=4)
    _line(document, "{{ document_number }}", 14, centre=True, after=6)
    _rule(document)
    _line(document, "{{ document_title }}", 22, centre=True, before=10, after=12, bold=True)
    shape = _SHAPES[kind.code]
    if isinstance(shape, Letter):
        _letter(document, shape)
    else:
        _form(document, shape)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    # GB/T 9704-2012 5.2.1: A4, top 37 mm, left 28 mm, text field 156 x 225 mm; a form needs more of the height
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(24), Mm(18)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)


def _line(
    document: Any,
    text: str,
    size: float,
    *,
    centre: bool = False,
    bold: bool = False,
    colour: RGBColor | None = None,
    before: float = 0,
    after: float = 0,
) -> Any:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    if colour is not None:
        run.font.color.rgb = colour
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    return paragraph


def _rule(document: Any) -> None:
    """The red line under the head (GB/T 9704-2012 7.2.7)."""
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "1"), ("color", "C01010")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph = document.paragraphs[-1]
    paragraph._p.get_or_add_pPr().append(borders)


def _letter(document: Any, letter: Letter) -> None:
    _line(document, "{{ unit }}：", 16, after=4)
    for text in letter.paragraphs:
        if text.startswith("{% if") and text.endswith("{% endif %}"):
            _optional(document, text)
        else:
            _body(document, text)
    _line(document, "", 16)
    # GB/T 9704-2012 7.3.5.1: the date four characters from the right, the name above it and the seal over both
    for text, characters in (("（盖章处）", 6), ("{{ office }}", 2), ("{{ issued_on }}", 4)):
        signed = _line(document, text, 16, after=2)
        signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        signed.paragraph_format.right_indent = Pt(16 * characters)
    _line(document, "经办人：{{ handler }}    联系电话：{{ handler_number }}", 12, before=24)


def _optional(document: Any, text: str) -> None:
    """A paragraph that vanishes when it has nothing to say (docxtpl's ``{%p``)."""
    condition, rest = text.split("%}", 1)
    _line(document, condition.replace("{% if", "{%p if") + "%}", 16)
    _body(document, rest.removesuffix("{% endif %}"))
    _line(document, "{%p endif %}", 16)


def _body(document: Any, text: str) -> None:
    paragraph = _line(document, text, 16)
    paragraph.paragraph_format.first_line_indent = Pt(32)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(29)


def _form(document: Any, form: Form) -> None:
    table = document.add_table(rows=0, cols=4)
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    widths = (Mm(24), Mm(54), Mm(24), Mm(54))  # a date with its hour stays on one line
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in form.rows:
        added = table.add_row()
        cells = added.cells
        if len(row) == 2:
            cells[1].merge(cells[3])
        for number, text in enumerate(row):
            cell = cells[number]
            cell.width = widths[number] if len(row) == 4 else (widths[0], Mm(132))[number]
            _cell(cell, text.removesuffix("*"), label=number % 2 == 0)
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        added.height = Mm(16) if row[0].endswith("*") else Mm(8)
    _line(document, "{{ office }}    {{ issued_on }}", 12, before=8).alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _cell(cell: Any, text: str, *, label: bool) -> None:
    """A cell; what stands below an empty line is the seal's place and the day, at the right."""
    upper, gap, lower = text.partition("\n\n")
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
    if label:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(f"{upper}\n" if gap else upper).font.size = Pt(12)
    if gap:
        signed = cell.add_paragraph()
        signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        signed.paragraph_format.space_after = Pt(3)
        signed.add_run(lower).font.size = Pt(12)
