"""The languages in which people are told something."""

from typing import Literal, TypeAlias

#: Chinese or English.
Lang: TypeAlias = Literal["zh", "en"]


def known(lang: Lang) -> Lang:
    """The language, if it is one of the two."""
    if lang not in ("zh", "en"):
        raise ValueError(f"lang is 'zh' or 'en', not {lang!r}")
    return lang
