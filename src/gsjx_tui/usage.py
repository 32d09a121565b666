"""argparse in Chinese: wrong usage is said in one clear message, exit 2."""

from __future__ import annotations

import argparse
import re
import sys
from typing import NoReturn

_SAID = (
    (r"the following arguments are required: (.*)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.*)", r"多余或不认识的参数：\1"),
    (r"argument (\S+): invalid choice: (.*) \(choose from (.*)\)", r"\1 的值 \2 不认识，可用：\3"),
    (r"argument (\S+): expected one argument", r"\1 后面要跟一个值"),
    (r"argument (\S+): expected at least one argument", r"\1 后面至少要跟一个值"),
    (r"argument (\S+): ignored explicit argument (.*)", r"\1 后面不能跟值，却有 \2"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 与 \2 不能同时使用"),
    (r"argument (\S+): (.*)", r"\1：\2"),
)


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose own words are Chinese."""

    def __init__(self, *args: object, **options: object) -> None:
        options.setdefault("allow_abbrev", False)
        options.setdefault("add_help", False)
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.add_argument("-h", "--help", action="help", help="显示这份说明")
        self._positionals.title = "参数"
        self._optionals.title = "选项"

    def error(self, message: str) -> NoReturn:
        """Prints what is wrong and how the command is used; exit 2."""
        for pattern, said in _SAID:
            if re.fullmatch(pattern, message):
                message = re.sub(pattern, said, message)
                break
        usage = self.format_usage().replace("usage: ", "用法：").strip()
        print(f"用法不对：{message}。\n{usage}", file=sys.stderr)
        sys.exit(2)

    def format_help(self) -> str:
        """The help with a Chinese heading."""
        return super().format_help().replace("usage: ", "用法：")
