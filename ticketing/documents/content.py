"""What the papers say: their kinds, and the values a template may name.  Pure."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DocumentKind:
    """A kind of paper: its ``code`` (also the template's file name), its Chinese title and the word of its number."""

    code: str
    zh: str
    en: str
    series: str
    """Stands in front of the year in the paper's number: 督〔2026〕3 号."""


KINDS: dict[str, DocumentKind] = {
    kind.code: kind
    for kind in (
        DocumentKind("dispatch_order", "受理交办单", "Acceptance and dispatch order", "交办"),
        DocumentKind("transfer_sheet", "转送单", "Transfer sheet", "转送"),
        DocumentKind("electronic_dispatch_letter", "电子交办函", "Electronic dispatch letter", "交函"),
        DocumentKind("supervision_letter", "督办函", "Supervision letter", "督"),
        DocumentKind("urging_notice", "催办通知书", "Urging notice", "催"),
        DocumentKind("rectification_letter", "整改函", "Rectification letter", "整改"),
        DocumentKind("closing_report", "结案报告", "Closing report", "结"),
        DocumentKind("extension_request", "延期申请", "Application for extension", "延"),
        DocumentKind("return_request", "退回申请", "Application for return", "退"),
        DocumentKind("termination_request", "终止办理申请", "Application for termination", "终"),
        DocumentKind("promise_sheet", "承诺单", "Promise", "诺"),
    )
}
"""Sources: the dispatch order 受理交办单 and the ledgers of urging are Kunming's articles 12(5) and 16, the closing
report Mudanjiang's 10(11), transfer sheet and electronic letter the platform solution's module 2, the applications
Weifang's 21-22 and Heyuan's 17-18; the seed documents name no layout, which follows GB/T 9704-2012."""


@dataclass(frozen=True)
class Item:
    """One item of an order and, in a report, its result."""

    text: str
    result: str = ""


@dataclass(frozen=True)
class Content:
    """Everything a template may name; what a paper lacks is "".  Dates are local days."""

    office: str
    """The hotline office that issues or receives the paper."""
    number: str
    """The ticket's number."""
    title: str
    text: str
    kind: str
    """Kind of request, Chinese."""
    category: str
    accepted_on: date
    serial: int
    """The paper's own number within its series and year."""
    issued_on: date
    caller_name: str = ""
    caller_number: str = ""
    place: str = ""
    unit: str = ""
    """Lead unit 主办单位, by its Chinese name."""
    assisting: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    due: str = ""
    """When it is due, in words: 2026年3月9日24时前."""
    basis: str = ""
    """The article the time limit or the demand rests on."""
    opinion: str = ""
    """拟办意见 and leaders' instructions; in an order its own words, in an application what was ruled on it."""
    reason: str = ""
    plan: str = ""
    """What the unit means to do; in a closing report the steps of the handling, in a termination what the caller was
    told."""
    result: str = ""
    satisfaction: str = ""
    """The caller's opinion, in words."""
    handler: str = ""
    """Who signs for the paper: the unit's person, in a letter the office's."""
    handler_number: str = ""
    leader: str = ""
    """The unit leader who approved the report."""
    seal: str = ""
    """Whose seal belongs here, by name."""
    signature_file: str = ""
    """The file whose picture stands as the handler's signature; none: the pen's place."""
    seal_file: str = ""
    """The file whose picture stands at the seal's place."""
    signed_on: str = ""
    """The day of the report, application or answer, in words."""
    times: int = 0
    """How many urgings or supervisions there were, this one included."""
    length: str = ""
    """How much more time is asked for or was granted, in words: 5个工作日."""
    condition: str = ""
    """What a promise waits for."""
    wake_up: str = ""
    """When a promised matter is taken up again; until when an extension goes."""
    handed_over: tuple[str, ...] = ()
    """Hand-overs of the caller to emergency services, oldest first, each in words."""


def content_fields() -> list[str]:
    """The names a template may use, with those that rendering adds."""
    return [field.name for field in dataclasses.fields(Content)] + ["document_number", "document_title"]


def chinese_date(day: date) -> str:
    """2026年3月9日, as GB/T 9704-2012 7.3.5.4 writes it (Arabic figures, no leading zeros)."""
    return f"{day.year}年{day.month}月{day.day}日"


def document_number(kind: DocumentKind, content: Content) -> str:
    """交办〔2026〕12号: hexagonal brackets and no leading zeros (GB/T 9704-2012 7.2.5)."""
    return f"{kind.series}〔{content.issued_on.year}〕{content.serial}号"


SAMPLE = Content(
    office="示范市12345热线办公室",
    number="20260306-000123",
    title="东湖新城三期路灯大面积不亮",
    text="来电人反映，东湖新城三期南门至滨江路路口约二百米路段的路灯自上月中旬起不亮，夜间行人和电动车通行存在危险，要求尽快修复。",
    kind="求助",
    category="城乡建设／城市照明",
    accepted_on=date(2026, 3, 6),
    serial=12,
    issued_on=date(2026, 3, 9),
    caller_name="王先生",
    caller_number="138****8000",
    place="东湖新城三期南门",
    unit="市城市管理局",
    assisting=("东湖街道办事处", "市供电公司"),
    items=(Item("修复路灯", "已更换灯头12盏、控制箱1台"), Item("答复来电人并说明原因", "已于3月12日电话答复")),
    due="2026年3月17日24时前",
    basis="热线管理办法第十三条",
    opinion="请城管局牵头，三日内恢复照明。",
    reason="超过办理期限且未说明情况",
    plan="3月15日到货，3月16日前安装完毕",
    satisfaction="满意",
    handler="李明",
    handler_number="12345",
    leader="张华",
    seal="市城市管理局",
    signed_on="2026年3月12日",
    length="5个工作日",
    condition="备件到货",
    times=2,
    wake_up="2026年3月24日",
    handed_over=("2026年3月6日14时5分 110 公安（李明）：对方已接听 9 秒，市民已接入 29 秒，线路已断开 149 秒，已转接",),
)
"""A made-up matter, to try templates with."""
