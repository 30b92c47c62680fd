"""Every Russian word a number is said with, in all its forms."""

# ruff: noqa: SIM905 - lists of words are read and kept as text

from __future__ import annotations

from functools import cache

from speech.meaning.numerals import Numeral

_ENDINGS = "ый ой ий ая ое ого ому ым ом ую ые ых ыми".split()
_CARDINALS = {
    0: "ноль нуль ноля нуля нолю нулю нолем нулем ноле нуле",
    1: "один одна одно одну одного одной одному одним одном одною одни",
    2: "два две двух двум двумя двое двоих",
    3: "три трех трем тремя трое троих",
    4: "четыре четырех четырем четырьмя четверо четверых",
    5: "пять пяти пятью пятеро",
    6: "шесть шести шестью шестеро",
    7: "семь семи семью семеро",
    8: "восемь восьми восемью восьмью",
    9: "девять девяти девятью",
    10: "десять десяти десятью",
    40: "сорок сорока",
    50: "пятьдесят пятидесяти пятьюдесятью",
    60: "шестьдесят шестидесяти шестьюдесятью",
    70: "семьдесят семидесяти семьюдесятью",
    80: "восемьдесят восьмидесяти восемьюдесятью",
    90: "девяносто девяноста",
    100: "сто ста",
    200: "двести двухсот двумстам двумястами двухстах",
    300: "триста трехсот тремстам тремястами трехстах",
    400: "четыреста четырехсот четыремстам четырьмястами четырехстах",
}
_TEENS = "один две три четыр пят шест сем восем девят".split()
_ORDINALS = {
    0: "нулев", 1: "перв", 2: "втор", 4: "четверт", 5: "пят", 6: "шест", 7: "седьм", 8: "восьм", 9: "девят",
    10: "десят", 20: "двадцат", 30: "тридцат", 40: "сороков", 50: "пятидесят", 60: "шестидесят",
    70: "семидесят", 80: "восьмидесят", 90: "девяност", 100: "сот", 200: "двухсот", 300: "трехсот",
    400: "четырехсот", 500: "пятисот", 600: "шестисот", 700: "семисот", 800: "восьмисот", 900: "девятисот",
    1000: "тысячн", 2000: "двухтысячн",
}  # fmt: skip
_THIRD = "третий третья третье третьего третьей третьему третьим третьем третью третьи третьих".split()
_NOUNS = {
    1: "единица единицы единиц единицу единичка",
    2: "двойка двойки двоек двойку двоечка",
    3: "тройка тройки троек тройку троечка",
    4: "четверка четверки четверок четверку",
    5: "пятерка пятерки пятерок пятерку пятерочка",
    6: "шестерка шестерки шестерок шестерку",
    7: "семерка семерки семерок семерку",
    8: "восьмерка восьмерки восьмерок восьмерку",
    9: "девятка девятки девяток девятку",
    0: "нолик нолика ноликов",
}
_COUNTED = "ноля нуля нолей нулей нолика ноликов".split()
_SCALES = {
    1000: "тысяча тысячи тысяч тысячу тысяче тысячей тысячью тысячам тысячами тысячах тыща тыщи тыщ",
    1_000_000: "миллион миллиона миллионов миллиону миллионом миллионам миллионами",
    1_000_000_000: "миллиард миллиарда миллиардов",
}
_HALVES = {1.5: "полтора полторы полутора", 500_000: "полмиллиона", 150: "полтораста полутораста"}


@cache
def numerals() -> dict[str, Numeral]:
    """Folded word -> what it is worth."""
    words: dict[str, Numeral] = {}
    for value, said in (_CARDINALS | _HALVES).items():
        words |= dict.fromkeys(said.split(), Numeral(value))
    for value, stem in enumerate(_TEENS, start=11):
        words |= {f"{stem}надцат{end}": Numeral(value) for end in ("ь", "и", "ью")}
    for value, stem in ((20, "двадцат"), (30, "тридцат")):
        words |= {f"{stem}{end}": Numeral(value) for end in ("ь", "и", "ью")}
    for value, stem in enumerate(("пят", "шест", "сем", "восем", "девят"), start=5):
        oblique = stem.replace("восем", "восьм")
        words |= {f"{stem}ьсот": Numeral(value * 100), f"{oblique}исот": Numeral(value * 100)}
        words |= {f"{oblique}иста{end}": Numeral(value * 100) for end in ("м", "х")}
        words[f"{stem}ьюстами"] = Numeral(value * 100)
    words |= {word: Numeral(value, ordinal=True) for value, word in _ordinals()}
    for value, said in _NOUNS.items():
        words |= dict.fromkeys(said.split(), Numeral(value, counted=True))
    words |= dict.fromkeys(_COUNTED, Numeral(0, counted=True))
    for value, said in _SCALES.items():
        words |= dict.fromkeys(said.split(), Numeral(value, "times"))
    return words


def _ordinals() -> list[tuple[int, str]]:
    stems = dict(_ORDINALS) | {value: f"{stem}надцат" for value, stem in enumerate(_TEENS, start=11)}
    regular = [(value, stem + end) for value, stem in stems.items() for end in _ENDINGS]
    return [*regular, *((3, word) for word in _THIRD)]
