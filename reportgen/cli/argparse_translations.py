"""Translation of argparse's messages into Taiwan's Chinese; argparse has English only."""

from __future__ import annotations

import re

_TRANSLATIONS = (
    (r"the following arguments are required: (.*)", r"缺少引數：\1"),
    (r"unrecognized arguments: (.*)", r"不認得的引數：\1"),
    (
        r"argument (.*?): invalid choice: '(.*)' \(choose from (.*)\)",
        r"引數 \1：「\2」不在可用的選擇之中：\3",
    ),
    (r"argument (.*?): expected one argument", r"引數 \1：後面要有一個值"),
    (r"argument (.*?): expected at least one argument", r"引數 \1：後面至少要有一個值"),
    (r"argument (.*?): ignored explicit argument '(.*)'", r"引數 \1：不可帶值「\2」"),
    (r"argument (.*?): invalid int value: '(.*)'", r"引數 \1：「\2」不是整數"),
    (r"argument (.*?): (.*)", r"引數 \1：\2"),
)


def translate_argparse_message(message: str) -> str:
    """Return the message in Chinese, or unchanged if it is unknown."""
    for pattern, chinese in _TRANSLATIONS:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return match.expand(chinese)
    return message
