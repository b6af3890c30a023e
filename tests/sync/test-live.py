#!/usr/bin/python3
"""Updates reach an open PC by themselves: two PCs of one store and head office, each with the live sync of an open window.

    test-live.py YUELAICTL

How long each took is printed; docs/benchmarks.md has the figures of a quiet machine.
"""

import json
import os
import pathlib
import queue
import sys
import tempfile
import threading
import time

from link import free_port
from yuelai import TIMEOUT, Hub, Node, Tap

ROUNDS = int(os.environ.get("YL_ROUNDS", "5"))
# A call waits 25 s for news, then asks again; a link that was down is tried again after 2 s, doubling.
POLL_SECONDS = 25
ARRIVAL_SECONDS = 15


class Watch:
    """`sync --watch` on a PC: what it prints, each line with when it came."""

    def __init__(self, node):
        self.node = node
        self.lines = queue.Queue()
        self.process = node.start("--json", "sync", "--watch")
        threading.Thread(target=self.read, daemon=True).start()
        self.expect(lambda line: line.get("state") == "synced")

    def read(self):
        for line in self.process.stdout:
            self.lines.put((time.monotonic(), json.loads(line)))

    def expect(self, fits, seconds=TIMEOUT):
        """When the line came that fits; others before it are passed over."""
        end = time.monotonic() + seconds
        while True:
            try:
                at, line = self.lines.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"nothing came within {seconds} s: {self.process.poll()}") from None
            if fits(line):
                return at

    def stop(self):
        self.process.terminate()
        assert self.process.wait(TIMEOUT) == 0, self.process.stderr.read()


class Chain:
    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.address = f"127.0.0.1:{free_port()}"
        self.head = Node(program, self.folder / "head.yuelai")
        self.head.run("init", "--company", "试", "--code", "YL", "--hub", f"http://{self.address}")
        self.head.run("site", "add", "CY", "朝阳店", "--lat", "39.9", "--lon", "116.4")
        self.hub = Hub(self.head, self.address)
        self.first, self.second = self.join("first"), self.join("second")
        self.watches = [Watch(self.first), Watch(self.second)]
        self.n = 0

    def join(self, name):
        node = Node(self.program, self.folder / f"{name}.yuelai")
        node.run("join", self.head.word("invite", "CY", "--approved"))
        return node

    def save(self, node):
        """A change set of one program beside the one that watches. When it was saved, and what tells it from others."""
        self.n += 1
        phone = f"1380000{self.n:04d}"
        record = node.json("add", "worker", f"name=王{self.n}", f"phone={phone}", "job_types=cleaning")["id"]
        return time.monotonic(), lambda line: any(op["id"] == record for op in line.get("ops", []))

    def arrivals(self, writer, watches):
        times = []
        for _ in range(ROUNDS):
            saved, fits = self.save(writer)
            times.append(max(watch.expect(fits, ARRIVAL_SECONDS) for watch in watches) - saved)
        print(f"# seconds after the save: {' '.join(f'{max(0, seconds):.2f}' for seconds in times)}")
        return times


def soon(times):
    """Each before a poll would have ended; the quickest, on however busy a machine, at once."""
    assert max(times) < ARRIVAL_SECONDS < POLL_SECONDS and min(times) < 1, times


def from_pc_to_pc(chain):
    soon(chain.arrivals(chain.first, [chain.watches[1]]))
    soon(chain.arrivals(chain.second, [chain.watches[0]]))


def from_head_office_to_all(chain):
    soon(chain.arrivals(chain.head, chain.watches))


def after_the_hub_was_gone(chain):
    """What was saved meanwhile arrives once it is back, without anybody asking."""
    chain.hub.kill()
    for watch in chain.watches:
        watch.expect(lambda line: line.get("state") == "offline")
    _, fits = chain.save(chain.first)
    chain.hub = Hub(chain.head, chain.address)
    chain.watches[1].expect(fits)
    soon(chain.arrivals(chain.second, [chain.watches[0]]))


def all_are_equal(chain):
    for watch in chain.watches:
        watch.stop()
    for node in (chain.first, chain.second, chain.first):
        assert node.json("sync")["same_state"]
    assert len({node.state_hash() for node in (chain.head, chain.first, chain.second)}) == 1


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yuelai-live-") as folder:
        chain = Chain(os.path.abspath(sys.argv[1]), folder)
        try:
            for function in (from_pc_to_pc, from_head_office_to_all, after_the_hub_was_gone, all_are_equal):
                tap.check(function.__name__.replace("_", " "), function, chain)
        finally:
            chain.hub.kill()
            for watch in chain.watches:
                watch.process.kill()
    tap.done()


if __name__ == "__main__":
    main()
