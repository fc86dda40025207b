"""Reports as a notebook shows them."""

import base64
from collections.abc import Sequence
from html import escape
from typing import Any

from gradphoto import _gradphoto

_HEADINGS = {
    "zh": ("", "规则", "条款", "测得", "应为", "说明"),
    "en": ("", "rule", "clause", "measured", "allowed", "what to do"),
}
_WORDS = {
    "zh": {"pass": "合格", "review": "待确认", "fail": "不合格", "advice": "建议", "not-assessed": "未判定"},
    "en": {"pass": "pass", "review": "review", "fail": "fail", "advice": "advice", "not-assessed": "not assessed"},
}
_COLOURS = {"pass": "#1a7f37", "review": "#9a6700", "fail": "#cf222e", "advice": "#57606a", "not-assessed": "#6e7781"}
_ORDER = ("fail", "review", "advice", "not-assessed", "pass")


def page(report: dict[str, Any], meanings: Sequence[str], picture: bytes | None, lang: str) -> str:
    """A report's JSON as HTML: verdict, picture, and a table of the findings by what each means for the photo, the gravest first."""
    findings = sorted(zip(meanings, report["findings"]), key=lambda pair: _ORDER.index(pair[0]))
    headings = "".join(f"<th style='text-align:left'>{heading}</th>" for heading in _HEADINGS[lang])
    rows = "".join(_row(meaning, finding, lang) for meaning, finding in findings)
    title = f"<b>{_badge(report['verdict'], lang)} {escape(report['photo'])}</b>"
    table = f"<table><thead><tr>{headings}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<div>{title}{_picture(picture)}{table}</div>"


def _picture(picture: bytes | None) -> str:
    if picture is None:
        return ""
    jpeg = base64.b64encode(picture).decode()
    return f"<img style='display:block;max-width:100%' src='data:image/jpeg;base64,{jpeg}'>"


def _row(meaning: str, finding: dict[str, Any], lang: str) -> str:
    allowed = finding["review"]
    shown = _gradphoto.shown(finding["rule"], finding["value"], allowed["min"], allowed["max"], lang)
    value, range_ = shown or (str(finding["value"]), f"{allowed['min']}–{allowed['max']}")
    cells = (escape(text) for text in (finding["name"][lang], finding["clause"], value, range_, finding["reason"][lang]))
    texts = "".join(f"<td style='text-align:left'>{text}</td>" for text in cells)
    return f"<tr title='{escape(finding['rule'])}'><td>{_badge(meaning, lang)}</td>{texts}</tr>"


def _badge(meaning: str, lang: str) -> str:
    return f"<span style='color:{_COLOURS[meaning]};white-space:nowrap'>{_WORDS[lang][meaning]}</span>"
