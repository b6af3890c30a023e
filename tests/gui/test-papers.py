#!/usr/bin/python3
"""A record at the desk of one PC that was written on another one of the store: photos and papers, its history, who can read it.

    test-papers.py YUELAICTL YUELAI
"""

import os
import pathlib
import shutil
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sync"))

import stage  # noqa: E402
from yuelai import Hub, Node  # noqa: E402

NAME = "王秀英"


def png(width, height):
    """A picture of one grey."""
    def part(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress((b"\0" + b"\x80" * width) * height)) + part(b"IEND", b"")


def make_papers(program, directory):
    """Two PCs of one store in touch with head office; a worker's photo and a paper of three parts, added on the other one."""
    head_office, near, far = (Node(program, directory / f"{name}.yuelai") for name in ("head-office", "near", "far"))
    address = f"127.0.0.1:{stage.free_port()}"
    head_office.run("init", "--company", "悦来家政", "--code", "YL", "--hub", f"http://{address}")
    head_office.run("site", "add", "CY", "朝阳店", "--lat", "39.92", "--lon", "116.44")
    hub = Hub(head_office, address)
    for node in (near, far):
        node.run("join", head_office.word("invite", "CY", "--approved"))
    worker = far.word("add", "worker", f"name={NAME}", "job_types=cleaning", "home_store=CY")
    for name, content in (("portrait.png", png(300, 200)), ("health.pdf", b"%PDF-1.4\n" + bytes(600000)), ("id.png", png(90, 60))):
        (directory / name).write_bytes(content)
    for name in ("portrait.png", "health.pdf"):
        far.run("attach", "worker", worker, directory / name)
    far.run("sync")
    near.run("sync")
    return near, far, worker, hub


class Papers:
    """Photos and papers of a worker: seen, fetched, added, removed."""

    def __init__(self, desk, store, far, worker, hub, directory, outside):
        self.desk = desk
        self.outside = outside
        self.store = store
        self.far = far
        self.worker = worker
        self.hub = hub
        self.directory = directory

    def _listed(self):
        return {item["name"]: item for item in self.store.json("attachment", "list", "worker", self.worker)}

    def _wait_for(self, names):
        from desk import wait_for

        wait_for(f"only {names}", lambda: set(self._listed()) == names)

    def _undo(self):
        # The toast's button has its label twice in its name.
        assert self.desk.find("push button", starts="Undo").do_action(0)

    def _within(self, node, role, name=None):
        from desk import is_shown, wait_for, walk

        return wait_for(f"{role} “{name}” of {node.get_name()}", lambda: next(
            (child for child in walk(node) if child.get_role_name() == role and name in (None, child.get_name())
             and child.get_n_actions() > 0 and is_shown(child)), None))

    def _press(self, row, name):
        """The button of that name in the row of that attachment."""
        assert self._within(self.desk.find("list item", row), "push button", name).do_action(0)

    def _remove(self, row):
        self._press(row, "More")
        self.desk.find("menu item", "Remove")
        self.desk.keys("Down")
        self.desk.keys("Return")

    def _wait_for_window(self, name):
        from desk import wait_for

        wait_for(f"the window “{name}”", lambda: self.desk.other_window() == name)

    def photo_is_not_here_yet(self):
        self.desk.find("push button", starts="● synced")
        self.desk.keys("Control_L", "3")
        self.desk.find("label", "Choose a worker")
        self.desk.keys("Down")
        self.desk.find("label", starts="Photo · 657 bytes · not on this PC")
        assert self._listed()["portrait.png"]["here"] == 0

    def history_shows_the_record_as_it_was(self):
        from desk import wait_for

        self.desk.press("History")
        self.desk.read(f"Name: {NAME}")
        self.desk.press("As it was then")
        # Once as what was written, once as what the whole record was.
        wait_for("both", lambda: len(list(self.desk.find_all("label", f"Name: {NAME}"))) == 2)

    def who_can_read_is_said(self):
        self.desk.press("Who can read the particulars")
        self.desk.read("CY-A · name and phone")
        self.desk.read("YL-A · name and phone")

    def photo_is_fetched(self):
        self._press("portrait.png", "Fetch")
        self._press("portrait.png", "Open")
        self._wait_for_window("portrait.png")
        self.desk.keys("Escape")
        self._wait_for_window(None)
        assert self._listed()["portrait.png"]["here"] == 1

    def paper_of_several_parts_is_fetched(self):
        self._press("health.pdf", "Fetch")
        assert self._within(self.desk.find("list item", "health.pdf"), "push button", "Save as…")
        assert self._listed()["health.pdf"]["here"] == 3

    def file_is_dropped(self):
        self.desk.drag(self.outside / "dropped.pdf", self.desk.find("list item", "portrait.png"))
        self._wait_for({"portrait.png", "health.pdf", "dropped.pdf"})
        self._undo()
        self._wait_for({"portrait.png", "health.pdf"})

    def removing_can_be_undone(self):
        self._remove("health.pdf")
        self._undo()
        self.desk.find("list item", "health.pdf")
        assert set(self._listed()) == {"portrait.png", "health.pdf"}

    def paper_is_removed(self):
        self._remove("health.pdf")
        self._wait_for({"portrait.png"})

    def offline_is_said_in_words(self):
        self.far.run("attach", "worker", self.worker, self.directory / "id.png")
        self.far.run("sync")
        self.desk.find("list item", "id.png")
        self.hub.kill()
        self.desk.read("Photo · 102 bytes · not on this PC; offline now")


def run(tap, yuelaictl, yuelai, directory):
    from desk import Desk

    near, far, worker, hub = make_papers(yuelaictl, directory)
    # By its path it can be typed without a second key held down.
    outside = pathlib.Path(f"/tmp/yl-papers-{os.getpid()}")
    outside.mkdir()
    try:
        (outside / "dropped.pdf").write_bytes(b"%PDF-1.4\n")
        desk = Desk(yuelai, near.store, directory)
        stage.play(tap, desk, Papers(desk, near, far, worker, hub, directory, outside))
    finally:
        shutil.rmtree(outside)
        hub.kill()


if __name__ == "__main__":
    sys.exit(stage.main(run))
