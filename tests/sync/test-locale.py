#!/usr/bin/python3
"""Straight from the build tree, yuelaictl speaks Chinese in a Chinese locale and English in any other, whatever the hub speaks."""

import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

from yuelai import Hub, Node, Tap

CHINESE = re.compile("[\u4e00-\u9fff]")


def help_text(program, locale, locale_dir):
    environment = {name: value for name, value in os.environ.items() if name not in ("LANG", "LANGUAGE")}
    environment.update(LC_ALL=locale, LOCPATH=locale_dir)
    return subprocess.run([program, "help"], env=environment, check=True, capture_output=True, encoding="utf-8").stdout


def in_chinese(program, locale_dir):
    assert CHINESE.search(help_text(program, "zh_CN.UTF-8", locale_dir))


def in_english(program, locale_dir):
    assert not CHINESE.search(help_text(program, "C.UTF-8", locale_dir))


def hub_has_another_language(program, locale_dir):
    """Head office runs in English; the store's people read Chinese, also what its hub refuses."""
    with tempfile.TemporaryDirectory(prefix="yuelai-locale-") as outer, socket.socket() as listener:
        directory = pathlib.Path(outer)
        listener.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        listener.close()
        head_office = Node(program, directory / "head-office.yuelai")
        store = Node(program, directory / "store.yuelai", LC_ALL="zh_CN.UTF-8", LANGUAGE="zh_CN", LOCPATH=locale_dir)
        head_office.run("init", "--company", "Yuelai", "--code", "YL", "--hub", f"http://{address}")
        head_office.run("site", "add", "CY", "Chaoyang", "--lat", "39.92", "--lon", "116.44")
        hub = Hub(head_office, address)
        try:
            store.run("join", head_office.word("invite", "CY", "--approved"))
            head_office.run("node", "revoke", "CY-A")
            refused = store.run("sync", check=False)
        finally:
            hub.kill()
        assert refused.returncode == 5 and "总部" in refused.stderr and "shut out" not in refused.stderr, refused.stderr


def main(program):
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yuelai-locale-") as locale_dir:
        subprocess.run(["localedef", "-i", "zh_CN", "-f", "UTF-8", f"{locale_dir}/zh_CN.UTF-8"], check=True)
        for test in (in_chinese, in_english, hub_has_another_language):
            tap.check(test.__name__.replace("_", " "), test, program, locale_dir)
    tap.done()


if __name__ == "__main__":
    main(*sys.argv[1:])
