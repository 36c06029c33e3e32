"""Numbers as programs for writing print them before paragraphs."""

from __future__ import annotations

_HAN = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def counted(kind: str, number: int) -> str:
    """A number in a kind of Word (``decimal``, ``chineseCounting``, ``lowerRoman`` …) or of OpenDocument (``1``, ``a``,
    ``一, 二, 三, ...``); digits for kinds not known."""
    if number < 1 or number > 9_999:
        return str(number)
    if kind == "chineseLegalSimplified" or kind.startswith("壹"):
        return _han(number, _LEGAL, ("", "拾", "佰", "仟"))
    if kind.startswith(("chinese", "japaneseCounting", "ideographDigital", "taiwanese", "一")):
        return _han(number, _HAN, ("", "十", "百", "千"))
    if kind in {"lowerLetter", "a", "upperLetter", "A"}:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if kind in {"upperLetter", "A"} else letter
    if kind in {"lowerRoman", "i", "upperRoman", "I"}:
        roman = _roman(number)
        return roman.lower() if kind in {"lowerRoman", "i"} else roman
    if kind.startswith("decimalEnclosedCircle") and number <= 20:
        return chr(0x2460 + number - 1)
    return f"{number:02d}" if kind == "decimalZero" else str(number)


def _han(number: int, digits: str, units: tuple[str, ...]) -> str:
    signs, places = "", str(number)
    for place, sign in enumerate(places):
        if sign == "0":
            signs += "" if signs.endswith(digits[0]) else digits[0]
        else:
            signs += digits[int(sign)] + units[len(places) - place - 1]
    signs = signs.rstrip(digits[0])
    # 十二, not 一十二.
    return signs[1:] if digits is _HAN and 10 <= number < 20 else signs


def _roman(number: int) -> str:
    signs = ""
    for value, sign in _ROMAN:
        while number >= value:
            signs, number = signs + sign, number - value
    return signs
