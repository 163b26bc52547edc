"""How an agency writes: signs, brackets, units, and the way it speaks of the year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

    from tests.factories.agencies.patterns import Pattern

_UNITS: Final = (
    "（單位：{}）",
    "(單位：{})",
    "(單位:{})",
    "\n（單位：{}）",
    "\n(單位: {})",
    "。（單位：{}）",
)
_PREFIXES: Final = ("", "", "當年度", "每年", "本年度")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """One agency's. ``slips``: how many of 1,000 KPIs are written otherwise."""

    unit: str
    times: str
    divided: str
    prefix: str
    slips: int

    @classmethod
    def drawn(cls, chance: Random) -> Manner:
        """Any agency's."""
        return cls(
            unit=chance.choice(_UNITS),
            times=chance.choice("×××*＊"),
            divided=chance.choice("///／÷"),
            prefix=chance.choice(_PREFIXES),
            slips=chance.choice((0, 0, 0, 20, 120)),
        )

    def item(self, pattern: Pattern, name: str) -> str:
        """The name of a figure."""
        if pattern.dated and not pattern.is_common:
            return f"{self.prefix}{name}"
        return name.replace("當年度", "本年度") if self.prefix == "每年" else name

    def formula(self, pattern: Pattern, chance: Random) -> str:
        """計算公式及計量單位."""
        names = [self.item(pattern, item.name) for item in pattern.items]
        times, unit = self.times, self.unit
        if chance.randrange(1000) < self.slips:
            times, unit = "×" if times != "×" else "*", chance.choice(_UNITS)
        text = pattern.formula.replace("×", times).replace("/", self.divided).format(*names)
        if pattern.threshold:
            text += f"≥{pattern.threshold}%"
        return text + _components(pattern) + unit.format(pattern.unit)


def _components(pattern: Pattern) -> str:
    parts = pattern.items[0].components
    if not parts:
        return ""
    return f"\n（以上各數均含{'、'.join(parts[:-1])}及{parts[-1]}）"
