#!/usr/bin/python3
"""Who may open a store file and who may write, at the desk: joining with a passphrase and unlocking; work of a PC that was shut out; what
the sync pill says of PCs and the hub.

    test-trust.py YUELAICTL YUELAI
"""

import os
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sync"))

import stage  # noqa: E402
from yuelai import Hub, Node  # noqa: E402

PASSPHRASE = "八个字以上的口令 8"


class Company:
    """Head office with its hub, and a store that has no PC yet."""

    def __init__(self, program, directory):
        directory.mkdir()
        self.directory = directory
        self.head_office = self.node(program, "head-office")
        self.address = f"127.0.0.1:{stage.free_port()}"
        self.head_office.run("init", "--company", "悦来家政", "--code", "YL", "--hub", f"http://{self.address}")
        self.head_office.run("site", "add", "CY", "朝阳店", "--lat", "39.92", "--lon", "116.44")
        self.hub = Hub(self.head_office, self.address)

    def node(self, program, name):
        return Node(program, self.directory / f"{name}.yuelai")

    def invite(self):
        return self.head_office.word("invite", "CY", "--approved")


class Joining:
    """A new PC whose login has no keyring: a passphrase protects what it keeps."""

    def __init__(self, desk, company):
        self.desk = desk
        self.company = company

    def _type_twice(self, first, second):
        self.desk.type("Passphrase, at least 8 characters", first, "password text")
        self.desk.type("The passphrase once more", second, "password text")

    def passphrase_is_asked_for_first(self):
        for box in self.desk.find_all("check box", starts="Ask for a passphrase"):
            assert box.do_action(0)
        self.desk.type("One-time code", self.company.invite())
        self.desk.press("Join the company")
        self.desk.read("The passphrase is too short")

    def passphrase_is_typed_twice(self):
        self._type_twice(PASSPHRASE, PASSPHRASE + "!")
        self.desk.press("Join the company")
        self.desk.read("The two passphrases differ")

    def pc_joins(self):
        self._type_twice(PASSPHRASE, PASSPHRASE)
        self.desk.press("Join the company")
        self.desk.find("push button", starts="● synced")
        self.desk.read("朝阳店")


class Unlocking:
    """The same PC the next morning."""

    def __init__(self, desk):
        self.desk = desk

    def another_passphrase_is_refused(self):
        self.desk.type("Passphrase", "something else", "password text")
        self.desk.press("Unlock")
        self.desk.read("that is not the passphrase")

    def passphrase_opens_the_store(self):
        self.desk.type("Passphrase", PASSPHRASE, "password text")
        self.desk.press("Unlock")
        self.desk.find("push button", starts="● synced")


def put_back(store, backup):
    """The store file is yesterday's."""
    for suffix in ("-wal", "-shm"):
        if os.path.exists(store + suffix):
            os.unlink(store + suffix)
    shutil.copy(backup, store)


def make_shut_out(program, directory):
    """A PC that was put back from a backup, then shut out, and that went on writing: a new worker, another wage."""
    company = Company(program, directory)
    pc = company.node(program, "pc")
    pc.run("join", company.invite())
    worker = pc.word("add", "worker", "name=王秀英", "job_types=cleaning", "home_store=CY", "expected_wage=5000", "wage_unit=month26")
    pc.run("sync")
    shutil.copy(pc.store, pc.store + ".backup")
    pc.run("set", "worker", worker, "max_travel=30")
    pc.run("sync")
    put_back(pc.store, pc.store + ".backup")
    pc.run("sync")
    company.head_office.run("node", "revoke", "CY-A")
    pc.run("add", "worker", "name=李淑兰", "job_types=cleaning", "home_store=CY")
    pc.run("set", "worker", worker, "expected_wage=5600")
    pc.run("sync", check=False)
    return company, pc, worker


class Review:
    """Head office looks at it."""

    def __init__(self, desk, head_office, worker):
        self.desk = desk
        self.head_office = head_office
        self.worker = worker

    def _waiting(self):
        return len(self.head_office.json("review", "list", exits=(0, 3)))

    def work_waits_in_the_tray(self):
        self.desk.press("! needs you 2")
        self.desk.press("Decide what is true…")
        rows = self.desk.rows("Work of those who were shut out")
        assert [row.split()[0] for row in rows] == ["Added", "Changed"], rows
        self.desk.read("changed · Worker CYA0001 · Expected wage 56.00 yuan")

    def nothing_happens_before_it_is_confirmed(self):
        self.desk.press("2 · Drop it")
        self.desk.answer("Drop this work?", "Cancel")
        assert self._waiting() == 2

    def work_is_dropped(self):
        self.desk.press("2 · Drop it")
        self.desk.answer("Drop this work?", "Drop for good")
        self.desk.read("Dropped: it does not count anywhere.")
        assert self._waiting() == 1
        assert len(self.head_office.json("list", "worker")) == 1

    def work_is_accepted(self):
        self.desk.press("1 · Accept it")
        self.desk.answer("Accept this work?", "Accept for good")
        self.desk.read("Accepted: it counts now")
        assert self._waiting() == 0
        assert self.head_office.json("get", "worker", self.worker)["expected_wage"] == 5600


class Troubles:
    """The PC itself says what is so, and what to do."""

    def __init__(self, desk):
        self.desk = desk

    def pill_says_how_fresh_the_data_is(self):
        self.desk.press("! needs you 1")
        assert re.fullmatch(r"Data as of (today )?\d\d:\d\d", self.desk.read("Data as of "))

    def pill_says_what_is_wrong(self):
        self.desk.read("To be looked at")
        self.desk.read("! Head office has shut out PC CY-A.")
        self.desk.read("· The store file of PC CY-A was put back from a backup.")


def run(tap, yuelaictl, yuelai, directory):
    from desk import Desk

    joining = Company(yuelaictl, directory / "joining")
    desk = Desk(yuelai, None, joining.directory)
    stage.play(tap, desk, Joining(desk, joining))
    desk = Desk(yuelai, None, joining.directory)
    stage.play(tap, desk, Unlocking(desk))
    joining.hub.kill()
    company, pc, worker = make_shut_out(yuelaictl, directory / "shut-out")
    desk = Desk(yuelai, company.head_office.store, company.directory)
    stage.play(tap, desk, Review(desk, company.head_office, worker))
    desk = Desk(yuelai, pc.store, company.directory)
    stage.play(tap, desk, Troubles(desk))
    company.hub.kill()


if __name__ == "__main__":
    sys.exit(stage.main(run))
