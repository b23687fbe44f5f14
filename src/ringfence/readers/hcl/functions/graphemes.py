"""What a reader counts as one character: extended grapheme clusters.

Source: unicode.org/reports/tr29, rules GB3 to GB13. Blind spot: Indic conjuncts (GB9c) are not joined, which
Terraform 1.11 does not do either; the pictographs are those of the blocks that hold emoji.
"""

from __future__ import annotations

from unicodedata import category


def clusters(text: str) -> list[str]:
    """The characters of the text."""
    if text.isascii() and "\r" not in text:
        return list(text)
    found: list[str] = []
    for char in text:
        if found and _joins(found[-1], char):
            found[-1] += char
        else:
            found.append(char)
    return found


def _joins(cluster: str, char: str) -> bool:
    """True when no boundary stands between the cluster and the character."""
    last = cluster[-1]
    if last == "\r":
        return char == "\n"
    if _is_control(last) or _is_control(char):
        return False
    if _extends(char) or category(char) == "Mc" or char in _SPACING:
        return True
    if _is_prepend(last) or _hangul_joins(last, char):
        return True
    if last == "\u200d" and _is_pictograph(char):
        return _is_pictograph(cluster[:-1].rstrip(_MODIFIERS)[-1:] or "a")
    return _is_flag(char) and _is_flag(last) and sum(map(_is_flag, cluster)) % 2 == 1


_MODIFIERS = "\u200d\ufe0f\u20e3" + "".join(map(chr, range(0x1F3FB, 0x1F400)))
_SPACING = "\u0e33\u0eb3"


def _is_control(char: str) -> bool:
    if char in "\u200c\u200d":
        return False
    return category(char) in ("Cc", "Zl", "Zp", "Cs") or (
        category(char) == "Cf" and not _is_prepend(char) and not _is_tag(char)
    )


def _is_tag(char: str) -> bool:
    return 0xE0020 <= ord(char) <= 0xE007F


def _extends(char: str) -> bool:
    code = ord(char)
    return (
        category(char) in ("Mn", "Me")
        or char in "\u200c\u200d\uff9e\uff9f"
        or 0x1F3FB <= code <= 0x1F3FF
        or _is_tag(char)
    )


def _is_prepend(char: str) -> bool:
    code = ord(char)
    return 0x600 <= code <= 0x605 or code in (0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0xD4E, 0x110BD, 0x110CD)


def _is_flag(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def _is_pictograph(char: str) -> bool:
    code = ord(char)
    return (
        (0x1F000 <= code <= 0x1FAFF and not _is_flag(char))
        or (0x2190 <= code <= 0x2BFF and category(char) == "So")
        or code in (0xA9, 0xAE, 0x203C, 0x2049, 0x2122, 0x2139, 0x3030, 0x303D, 0x3297, 0x3299)
    )


def _hangul_joins(last: str, char: str) -> bool:
    before, after = _hangul(last), _hangul(char)
    return (
        (before == "L" and after in ("L", "V", "LV", "LVT"))
        or (before in ("LV", "V") and after in ("V", "T"))
        or (before in ("LVT", "T") and after == "T")
    )


def _hangul(char: str) -> str:
    code = ord(char)
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    blocks = ((0x1100, 0x115F, "L"), (0xA960, 0xA97C, "L"), (0x1160, 0x11A7, "V"), (0xD7B0, 0xD7C6, "V"))
    blocks += ((0x11A8, 0x11FF, "T"), (0xD7CB, 0xD7FB, "T"))  # type: ignore[assignment]  # more of the same
    return next((kind for first, end, kind in blocks if first <= code <= end), "")
