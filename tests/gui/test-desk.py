#!/usr/bin/python3
"""The main job at the desk, off line, as assistive technology sees it: intake, match, promise, dropout, substitute.

    test-desk.py YUELAICTL YUELAI
"""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sync"))

from yuelai import Hub, Node, Tap  # noqa: E402

# Three of this store, one of another: found only when the chain is asked.
OWN = ["王秀英", "张桂兰", "刘美华"]
OTHER = "陈玉珍"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def make_store(program, directory):
    """A store that has joined its company and then lost the link: the hub is gone for good."""
    head_office = Node(program, directory / "head-office.yuelai")
    store = Node(program, directory / "store.yuelai")
    address = f"127.0.0.1:{free_port()}"
    head_office.run("init", "--company", "悦来家政", "--code", "YL", "--hub", f"http://{address}")
    for code, name in (("CY", "朝阳店"), ("GM", "国贸店")):
        head_office.run("site", "add", code, name, "--lat", "39.92", "--lon", "116.44")
    hub = Hub(head_office, address)
    store.run("join", head_office.word("invite", "CY", "--approved"))
    for name in OWN:
        store.run("add", "worker", f"name={name}", "job_types=cleaning", "home_store=CY")
    store.run("add", "worker", f"name={OTHER}", "job_types=cleaning", "home_store=GM")
    hub.kill()
    return store


class Scenes:
    """Each method is one scene and leans on those before it."""

    def __init__(self, desk, store):
        self.desk = desk
        self.store = store
        self.promised = None

    def _states(self):
        return sorted(booking["state"] for booking in self.store.json("list", "booking"))

    def window_says_it_is_offline(self):
        self.desk.find("push button", starts="○ offline")
        self.desk.read("All done.")

    def empty_form_says_what_is_missing(self):
        self.desk.press("New demand")
        self.desk.press("Save and match")
        for sentence in ("A mobile number has 11 digits.", "How is the customer called?", "Which service?"):
            self.desk.read(sentence)

    def demand_is_read_while_typed(self):
        self.desk.type("Phone", "139 0013 9001")
        self.desk.read("A new customer.")
        self.desk.type("Name", "李女士")
        self.desk.press("Cleaning")
        self.desk.type("Time", "tomorrow 9am 3h")
        self.desk.read("tomorrow 09:00–12:00")
        self.desk.type("Budget", "40-60")
        self.desk.read("40–60 yuan/h")
        self.desk.read(str(len(OWN)))

    def match_names_who_fits(self):
        self.desk.press("Save and match")
        self.desk.read("Cleaning · 李**")
        rows = self.desk.rows("Candidates")
        assert sorted(name for row in rows for name in OWN if name in row) == sorted(OWN), rows

    def promise_is_certain_at_once(self):
        self.promised = next(name for name in OWN if name in self.desk.rows("Candidates")[0])
        self.desk.press("Promise her")
        self.desk.read(f"{self.promised} is promised")
        self.desk.read("Certain")
        assert self._states() == ["confirmed"]

    def dropout_leads_to_substitutes(self):
        self.desk.press("Look at the order")
        self.desk.press("Dropout…")
        self.desk.type("What she said", "发烧了")
        self.desk.press("Note it and replace her")
        self.desk.read("Replacement: Cleaning")
        rows = self.desk.rows("Candidates")
        assert rows and not any(self.promised in row for row in rows), rows

    def promise_can_be_undone(self):
        self.desk.press("Promise her")
        self.desk.press("Take it back")
        self.desk.find("list", "Candidates")
        assert self._states() == ["dropped", "withdrawn"], self._states()

    def substitute_is_promised(self):
        self.desk.press("Promise her")
        self.desk.read("Certain")
        assert self._states() == ["confirmed", "dropped", "withdrawn"], self._states()
        assert self.store.json("list", "dropout")[0]["reason"] == "发烧了"

    def today_has_nothing_left(self):
        self.desk.press("Back to Today")
        self.desk.read("All done.")

    def all_waits_to_be_sent(self):
        assert self.store.json("status", exits=(0, 3))["waiting"] >= 8


def run(yuelaictl, yuelai, directory):
    from desk import Desk

    tap = Tap()
    store = make_store(yuelaictl, directory)
    desk = Desk(yuelai, store.store, directory)
    scenes = Scenes(desk, store)
    try:
        for name, scene in vars(Scenes).items():
            if not name.startswith("_") and not tap.check(name.replace("_", " "), getattr(scenes, name)):
                print("# on screen:", *desk.shown(), sep="\n#   ")
                break
    finally:
        desk.close()
    tap.done()


def pass_on_tap(command):
    """Runs it and prints its results without what the bus and its daemons say in between."""
    with subprocess.Popen(command, env=dict(os.environ, YUELAI_TEST_DISPLAY="1"), stdout=subprocess.PIPE, text=True) as inner:
        for line in inner.stdout:
            if line.startswith(("ok ", "not ok ", "1..", "#", "Bail out!")):
                print(line, end="", flush=True)
    return inner.returncode


def main():
    yuelaictl, yuelai = sys.argv[1:3]
    if "YUELAI_TEST_DISPLAY" not in os.environ:
        # A bus and a display of our own, so that nothing on this machine is seen or touched.
        command = ["dbus-run-session", "--", "xvfb-run", "-a", "-s", "-screen 0 1280x800x24", sys.executable, *sys.argv]
        missing = [tool for tool in ("dbus-run-session", "xvfb-run") if shutil.which(tool) is None]
        if missing:
            print(f"1..0 # SKIP {' and '.join(missing)} missing")
            return 0
        return pass_on_tap(command)
    with tempfile.TemporaryDirectory(prefix="yl-desk-") as directory:
        run(yuelaictl, yuelai, pathlib.Path(directory))
    return 0


if __name__ == "__main__":
    sys.exit(main())
