"""Short, harmless excerpts of text that strangers wrote."""

from __future__ import annotations

import re

PREVIEW_LIMIT = 280
NAME_LIMIT = 80

# Control, bidi, zero-width and other invisible characters, tag characters, lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ud800-\udfff]+"
)
_SPACE = re.compile(r"\s+")
_ELLIPSIS = "…"


def preview(text: str, limit: int = PREVIEW_LIMIT) -> str:
    """Return at most `limit` characters of `text` on one line, ending in an ellipsis where text was left out.

    Control, bidi, zero-width and other invisible characters are removed, runs of white space become one
    space. The work is bounded by `limit`, not by the text: long invisible padding hides what follows it.
    """
    start = text[: 8 * limit]
    shown = start if start.isascii() and start.isprintable() else _INVISIBLE.sub("", start)
    shown = _SPACE.sub(" ", shown).strip()
    if len(shown) <= limit and len(start) == len(text):
        return shown
    return shown[: limit - 1].rstrip() + _ELLIPSIS


def short_text(value: object, limit: int = NAME_LIMIT) -> str | None:
    """Return the preview of a value that should be a text; None if it is none or shows nothing."""
    return (preview(value, limit) or None) if isinstance(value, str) else None
