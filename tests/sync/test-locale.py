#!/usr/bin/python3
"""Straight from the build tree, yuelaictl speaks Chinese in a Chinese locale and English in any other."""

import os
import re
import subprocess
import sys
import tempfile

CHINESE = re.compile("[\u4e00-\u9fff]")


def help_text(program, locale, locale_dir):
    environment = {name: value for name, value in os.environ.items() if name not in ("LANG", "LANGUAGE")}
    environment.update(LC_ALL=locale, LOCPATH=locale_dir)
    return subprocess.run([program, "help"], env=environment, check=True, capture_output=True, encoding="utf-8").stdout


def main(program):
    with tempfile.TemporaryDirectory(prefix="yuelai-locale-") as locale_dir:
        subprocess.run(["localedef", "-i", "zh_CN", "-f", "UTF-8", f"{locale_dir}/zh_CN.UTF-8"], check=True)
        chinese = CHINESE.search(help_text(program, "zh_CN.UTF-8", locale_dir)) is not None
        english = CHINESE.search(help_text(program, "C.UTF-8", locale_dir)) is None

    print("1..2")
    print("ok 1 - zh_CN" if chinese else "not ok 1 - zh_CN")
    print("ok 2 - C" if english else "not ok 2 - C")
    return 0 if chinese and english else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
