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
ADDRESS = "Address of the other PC"
SWITCH = "Let other PCs exchange with this one"


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

    def call(self, port):
        """The other store's PC exchanges with whoever relays at that port. Returns the exit code."""
        return self.hd.run("sync", "--with", f"http://127.0.0.1:{port}", check=False).returncode

    def _join(self, head, code):
        node = Node(self.program, self.directory / f"{code}.yuelai")
        node.run("join", head.word("invite", code, "--approved"))
        return node


def add_worker(node, name):
    """Whoever took her on, she is to work from the store with the window."""
    return node.json("add", "worker", f"name={name}", "job_types=cleaning", "home_store=CY")["id"]


def expect(found, wanted):
    assert found == wanted, found


class _Dialog:
    def __init__(self, desk, chain):
        self.desk = desk
        self.chain = chain

    def _open(self):
        self.desk.press(starts="○ offline")
        self.desk.press("Exchange with another PC directly…")
        self.desk.enter()

    def _exchange(self, address):
        self.desk.type(ADDRESS, address)
        self.desk.press("Exchange")


class WithAnother(_Dialog):
    """The other store's PC runs a relay, in a process of its own."""

    def __init__(self, desk, chain):
        super().__init__(desk, chain)
        self.address = f"127.0.0.1:{stage.free_port()}"
        self.relay = Hub(chain.hd, self.address, "--relay")
        add_worker(chain.hd, "李淑兰")
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

    def another_company_is_turned_away(self):
        stranger = Node(self.chain.program, self.chain.directory / "stranger.yuelai")
        address = f"127.0.0.1:{stage.free_port()}"
        stranger.run("init", "--company", "别家", "--code", "BJ", "--hub", f"http://{address}")
        hub = Hub(stranger, address)
        self._exchange(address)
        self.desk.read(f"The hub at http://{address} says: This PC is not enrolled with this company")
        hub.stop()

    def both_ways_in_one_exchange(self):
        self._exchange(self.address)
        self.desk.read("Done. Change sets received: 1, handed over: 1.")
        assert self.chain.hd.json("get", "worker", self.mine)["job_types"] == "cleaning"

    def worker_of_the_other_store_is_in_the_window(self):
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

    def _switch(self):
        self.desk.press(role="check box", starts=SWITCH)

    def nobody_is_let_in_before_it_is_wanted(self):
        self._open()
        assert self.desk.find("spin button", "Port").set_current_value(self.port)
        assert self.chain.call(self.port) == OFFLINE

    def port_that_is_taken_is_named(self):
        with socket.create_server(("127.0.0.1", self.port)):
            self._switch()
            self.desk.read(f"The hub cannot listen on 0.0.0.0:{self.port}: another program does.")

    def another_pc_exchanges_with_the_window(self):
        self._switch()
        assert self.desk.read("The other PC types: ").endswith(f":{self.port}")
        worker = add_worker(self.chain.cy, "赵桂芳")
        assert self.chain.call(self.port) == 0
        assert self.chain.hd.json("get", "worker", worker)["job_types"] == "cleaning"

    def what_it_brings_is_in_the_window(self):
        add_worker(self.chain.hd, "孙玉梅")
        assert self.chain.call(self.port) == 0
        self.desk.leave()
        self.desk.keys("Control_L", "3")
        self.desk.find("label", starts="HDA0002")


class NextMorning(_Dialog):
    """The window is opened again."""

    def __init__(self, desk, chain, port, address):
        super().__init__(desk, chain)
        self.port = port
        self.address = address

    def others_are_let_in_again(self):
        self._open()
        self.desk.read("The other PC types: ")
        assert self.chain.call(self.port) == 0

    def address_is_still_there(self):
        assert self.desk.typed(ADDRESS) == self.address

    def nobody_is_let_in_any_more(self):
        self.desk.press(role="check box", starts=SWITCH)
        self.desk.read("Nobody is let in now.")
        assert self.chain.call(self.port) == OFFLINE


def run(tap, yuelaictl, yuelai, directory):
    from desk import Desk

    chain = Chain(yuelaictl, directory)
    desk = Desk(yuelai, chain.cy.store, directory)
    another = WithAnother(desk, chain)
    stage.play(tap, desk, another)
    desk = Desk(yuelai, chain.cy.store, directory)
    letting = LettingOthers(desk, chain)
    stage.play(tap, desk, letting)
    tap.check("nobody is let in once the window is closed", lambda: expect(chain.call(letting.port), OFFLINE))
    desk = Desk(yuelai, chain.cy.store, directory)
    stage.play(tap, desk, NextMorning(desk, chain, letting.port, another.address))


if __name__ == "__main__":
    sys.exit(stage.main(run))
