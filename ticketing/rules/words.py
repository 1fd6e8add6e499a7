"""Words that several topics of a rule pack use."""

from __future__ import annotations

from typing import Annotated, Literal

Src = Annotated[tuple[str, ...], "Articles this comes from, `source:article`; `convention` marks the project's choice."]
Kind = Literal["inquiry", "help", "complaint", "report", "suggestion", "thanks", "efficacy_complaint"]
Mode = Literal["phone", "written", "three_way"]
Origin = Literal[
    "citizen", "provincial", "provincial_petition_bureau", "provincial_phone_office", "city_leader", "other_platform"
]
Channel = Literal[
    "phone", "voicemail", "fax", "web", "mailbox", "email", "sms", "app", "wechat", "weibo", "qq", "visit", "other"
]
UnitKind = Literal[
    "department", "county", "township", "community", "public_institution", "enterprise", "party", "friend"
]
LimitUnit = Literal["wd", "day", "hour", "minute"]
Duty = Literal[
    "circular_criticism",
    "media_exposure",
    "discipline_accountability",
    "notify_superior_authority",
    "report_top_leaders",
    "propose_head_adjustment",
    "supervise_list",
    "order_correction",
    "discipline",
    "rectification_letter",
    "on_site_supervision",
    "written_criticism",
    "problem_ticket",
    "inform_vice_mayor",
]
"""What can follow from a threshold: acts the office must carry out or may choose."""
