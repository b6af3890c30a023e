#!/usr/bin/python3
"""Two stores exchange directly while head office cannot be reached; what went from store to store is at head office once.

    test-relay.py YUELAICTL http|https
"""

import os
import pathlib
import sys
import tempfile
import time

from link import free_port
from yuelai import TIMEOUT, Hub, Node, Tap

FAILED, OFFLINE, REFUSED = 1, 4, 5


class Chain:
    """Head office and two stores that know each other; one of them relays."""

    def __init__(self, program, scheme, folder):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.address = f"127.0.0.1:{free_port()}"
        self.head = Node(program, self.folder / "head.yuelai")
        self.head.run("init", "--company", "试", "--code", "YL", "--hub", f"{scheme}://{self.address}")
        self.hub = Hub(self.head, self.address)
        for code in ("CY", "HD"):
            self.head.run("site", "add", code, code, "--lat", "39.9", "--lon", "116.4")
        self.cy, self.hd = self.join("CY", "cy"), self.join("HD", "hd")
        self.cy.run("sync")
        self.relay = Hub(self.hd, f"127.0.0.1:{free_port()}", "--relay")

    def join(self, code, name):
        node = Node(self.program, self.folder / f"{name}.yuelai")
        node.run("join", self.head.word("invite", code, "--approved"))
        return node

    def open_head_office(self):
        self.hub = Hub(self.head, self.address)

    def close(self):
        self.relay.kill()
        self.hub.kill()


def worker(node, number):
    return node.json("add", "worker", f"name=王{number}", f"phone=1380000{number:04d}", "job_types=cleaning")["id"]


def waiting(node):
    return node.json("status", exits=(0, 3))["waiting"]


def n_inserts(node, record):
    return sum(op["op"] == "insert" and op["id"] == record for entry in node.json("log") for op in entry["ops"])


def direct(chain):
    """Both ways in one exchange; nobody takes the relay's word for head office's."""
    chain.hub.stop()
    mine, theirs = worker(chain.cy, 1), worker(chain.hd, 2)
    done = chain.cy.run("sync", check=False)
    assert done.returncode == OFFLINE, done
    before = chain.cy.json("status", exits=(0, 3))
    report = chain.cy.json("sync", "--with", chain.relay.url)
    assert report["received"] == 1 and report["handed_over"] == 1 and report["sent"] == 0, report
    assert report["same_state"] and chain.cy.state_hash() == chain.hd.state_hash()
    assert chain.hd.json("get", "worker", mine)["job_types"] == "cleaning"
    assert chain.cy.json("get", "worker", theirs)["job_types"] == "cleaning"
    after = chain.cy.json("status", exits=(0, 3))
    assert (after["waiting"], after["last_sync"]) == (before["waiting"], before["last_sync"]) == (1, before["last_sync"])
    report = chain.cy.json("sync", "--with", chain.relay.url)
    assert report["received"] == report["handed_over"] == 0 and waiting(chain.cy) == 1, report
    chain.mine = mine


def keys_as_by_policy(chain):
    """Another store may not read her telephone only because it carried her record."""
    assert chain.cy.json("get", "worker", chain.mine)["phone"] == "13800000001"
    assert chain.hd.json("get", "worker", chain.mine).get("phone") is None


def on_to_head_office(chain):
    """The relay brings the other's work along; its own receipt comes when it comes itself, and nothing is there twice."""
    chain.open_head_office()
    assert chain.hd.json("sync")["same_state"]
    assert n_inserts(chain.head, chain.mine) == 1
    assert waiting(chain.hd) == 0 and waiting(chain.cy) == 1
    report = chain.cy.json("sync")
    assert report["sent"] == 1 and report["same_state"], report
    assert waiting(chain.cy) == 0 and n_inserts(chain.head, chain.mine) == 1
    assert chain.head.json("get", "worker", chain.mine)["phone"] == "13800000001"
    assert len({node.state_hash() for node in (chain.head, chain.cy, chain.hd)}) == 1


def while_a_window_is_open(chain):
    """What a relay takes in goes on at once where the link to head office stands."""
    with chain.hd.start("sync", "--watch") as watch:
        try:
            assert watch.stdout.readline().strip() == "synced"
            mine = worker(chain.cy, 3)
            began = time.monotonic()
            chain.cy.run("sync", "--with", chain.relay.url)
            while not n_inserts(chain.head, mine):
                assert time.monotonic() - began < 15, "not at head office"
        finally:
            watch.terminate()
            assert watch.wait(TIMEOUT) == 0


def killed_on_the_way(chain):
    """kill -9 at the relay: what it had confirmed is there, the rest comes with the next exchange."""
    records = [worker(chain.cy, number) for number in range(10, 30)]
    address = chain.relay.url.split("//")[1]
    with chain.cy.start("sync", "--with", chain.relay.url) as process:
        chain.relay.kill()
        code = process.wait(TIMEOUT)
        assert code in (0, OFFLINE), (code, process.stderr.read())
    chain.relay = Hub(chain.hd, address, "--relay")
    assert chain.cy.json("sync", "--with", chain.relay.url)["same_state"]
    assert all(n_inserts(chain.hd, record) == 1 for record in records[::10])
    chain.hd.run("fsck")


def refuses(node, arguments, code, word):
    done = node.run(*arguments, check=False)
    assert done.returncode == code and word in done.stderr and done.stderr.count("\n") == 1, done


def who_may_not(chain):
    """A PC that was shut out, on either side; one of another company; the wrong role."""
    gone = chain.join("CY", "gone")
    chain.hd.run("sync")
    label = next(node["pc"] for node in chain.head.json("node", "list") if node["pc"] == "CY-B")
    chain.head.run("node", "revoke", label)
    work = worker(gone, 40)
    other = Hub(gone, f"127.0.0.1:{free_port()}", "--relay")
    try:
        chain.hd.run("sync", "--with", other.url)  # nobody here knows yet
        chain.hd.run("sync")
        refuses(chain.hd, ["sync", "--with", other.url], REFUSED, "shut out")
        refuses(gone, ["sync", "--with", chain.relay.url], REFUSED, "shut out")
    finally:
        other.stop()
    assert n_inserts(chain.hd, work) == 1
    assert chain.hd.run("get", "worker", work, check=False).returncode != 0, "it must not count"
    stranger = Node(chain.program, chain.folder / "stranger.yuelai")
    stranger.run("init", "--company", "别家", "--code", "BJ", "--hub", chain.relay.url)
    refuses(stranger, ["sync", "--with", chain.relay.url], REFUSED, "not enrolled")
    refuses(chain.hd, ["sync", "--with", chain.relay.url], REFUSED, "itself")
    refuses(chain.cy, ["sync", "--with", chain.hub.url], FAILED, "cannot prove")
    refuses(chain.head, ["hub", "--relay", "--listen", "127.0.0.1:0"], REFUSED, "--relay")
    refuses(chain.cy, ["hub", "--listen", "127.0.0.1:0"], REFUSED, "--relay")


def main():
    program, scheme = os.path.abspath(sys.argv[1]), sys.argv[2]
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yuelai-relay-") as folder:
        chain = Chain(program, scheme, folder)
        try:
            for function in (direct, keys_as_by_policy, on_to_head_office, while_a_window_is_open, killed_on_the_way,
                             who_may_not):
                tap.check(function.__name__.replace("_", " "), function, chain)
        finally:
            chain.close()
    tap.done()


if __name__ == "__main__":
    main()
