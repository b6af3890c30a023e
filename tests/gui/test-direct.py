#!/usr/bin/python3
"""Exchanging with another PC while head office cannot be reached, at the desk: with one that relays, and letting others.

    test-direct.py YUELAICTL YUELAI
"""

import pathlib
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sync"))

import stage  # noqa: E402
from yuelai import Hub, Node  # noqa: E402

OFFLINE = 4


class Chain:
    """Two stores that know each other; head office has gone."""

    def __init__(self, program, directory):
        self.program = program
        self.directory = directory
        head = Node(program, directory / "head.yuelai")
        address = f"127.0.0.1:{stage.free_port()}"
        head.run("init", "--company", "悦来家政", "--code", "YL", "--hub", f"http://{address}")
        hub = Hub(head, address)
        for code in ("CY", "HD"):
            head.run("site", "add", code, code, "--lat", "39.9", "--lon", "116.4")
        self.cy, self.hd = (self._join(head, code) for code in ("CY", "HD"))
        self.cy.run("sync")
        hub.stop()

    def _join(self, head, code):
        node = Node(self.program, self.directory / f"{code}.yuelai")
        node.run("join", head.word("invite", code, "--approved"))
        return node


def add_worker(node, name):
    """Whoever took her on, she is to work from the store with the window."""
    return node.json("add", "worker", f"name={name}", "job_types=cleaning", "home_store=CY")["id"]


class _Dialog:
    def __init__(self, desk, chain):
        self.desk = desk
        self.chain = chain

    def _open(self):
        self.desk.press(starts="○ offline")
        self.desk.press("Exchange with another PC directly…")
        self.desk.enter()

    def _exchange(self, address):
        self.desk.type("Address of the other PC", address)
        self.desk.press("Exchange")


class WithAnother(_Dialog):
    """The other store's PC runs a relay, in a process of its own."""

    def __init__(self, desk, chain):
        super().__init__(desk, chain)
        self.address = f"127.0.0.1:{stage.free_port()}"
        self.relay = Hub(chain.hd, self.address, "--relay")
        self.theirs = add_worker(chain.hd, "李淑兰")
        self.mine = add_worker(chain.cy, "王秀英")

    def dialog_opens_from_the_pill(self):
        self._open()

    def address_that_is_none_is_named(self):
        self._exchange("192.168.1:8471")
        self.desk.read("“192.168.1:8471” is no address.")

    def nobody_there_is_named(self):
        port = stage.free_port()
        self._exchange(f"127.0.0.1:{port}")
        self.desk.read(f"The hub at http://127.0.0.1:{port} cannot be reached")

    def both_ways_in_one_exchange(self):
        self._exchange(self.address)
        self.desk.read("Done. Change sets received: 1, handed over: 1.")
        assert self.chain.hd.json("get", "worker", self.mine)["job_types"] == "cleaning"

    def other_store_s_worker_is_in_the_window(self):
        self.desk.leave()
        self.desk.keys("Control_L", "3")
        self.desk.find("label", starts="HDA0001")

    def own_work_goes_on_waiting(self):
        self.desk.find("push button", starts="○ offline")
        assert self.chain.cy.json("status", exits=(0, 3))["waiting"] == 1
        self.relay.stop()


class LettingOthers(_Dialog):
    """The same window lets the other store's PC in."""

    def __init__(self, desk, chain):
        super().__init__(desk, chain)
        self.port = stage.free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def _call(self):
        return self.chain.hd.run("sync", "--with", self.url, check=False)

    def _switch(self):
        self.desk.press(role="check box", starts="Let other PCs exchange with this one")

    def nobody_is_let_in_before_it_is_wanted(self):
        self._open()
        assert self.desk.find("spin button", "Port").set_current_value(self.port)
        assert self._call().returncode == OFFLINE

    def port_that_is_taken_is_named(self):
        with socket.create_server(("127.0.0.1", self.port)):
            self._switch()
            self.desk.read(f"The hub cannot listen on 0.0.0.0:{self.port}: another program does.")

    def another_pc_exchanges_with_the_window(self):
        self._switch()
        assert self.desk.read("The other PC types: ").endswith(f":{self.port}")
        worker = add_worker(self.chain.cy, "赵桂芳")
        assert self._call().returncode == 0
        assert self.chain.hd.json("get", "worker", worker)["job_types"] == "cleaning"

    def what_it_brings_is_in_the_window(self):
        add_worker(self.chain.hd, "孙玉梅")
        assert self._call().returncode == 0
        self.desk.leave()
        self.desk.keys("Control_L", "3")
        self.desk.find("label", starts="HDA0002")


class NextMorning(_Dialog):
    """The window is opened again."""

    def __init__(self, desk, chain, url, address):
        super().__init__(desk, chain)
        self.url = url
        self.address = address

    def _call(self):
        return self.chain.hd.run("sync", "--with", self.url, check=False).returncode

    def others_are_let_in_again(self):
        self._open()
        self.desk.read("The other PC types: ")
        assert self._call() == 0

    def address_is_still_there(self):
        from gi.repository import Atspi

        entry = self.desk.find("text", "Address of the other PC")
        typed = Atspi.Text.get_text(entry, 0, Atspi.Text.get_character_count(entry))
        assert typed == self.address, typed

    def nobody_is_let_in_any_more(self):
        self.desk.press(role="check box", starts="Let other PCs exchange with this one")
        self.desk.read("Nobody is let in now.")
        assert self._call() == OFFLINE


def run(tap, yuelaictl, yuelai, directory):
    from desk import Desk

    chain = Chain(yuelaictl, directory)
    desk = Desk(yuelai, chain.cy.store, directory)
    another = WithAnother(desk, chain)
    stage.play(tap, desk, another)
    desk = Desk(yuelai, chain.cy.store, directory)
    letting = LettingOthers(desk, chain)
    stage.play(tap, desk, letting)
    assert letting._call().returncode == OFFLINE, "it must end with the window"
    desk = Desk(yuelai, chain.cy.store, directory)
    stage.play(tap, desk, NextMorning(desk, chain, letting.url, another.address))


if __name__ == "__main__":
    sys.exit(stage.main(run))
