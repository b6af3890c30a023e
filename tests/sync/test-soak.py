#!/usr/bin/python3
"""Long running: a hub and three stores with the live sync of an open window, worked on all the time; their memory must not grow.

    test-soak.py YUELAICTL

YL_SOAK_SECONDS=3600 is the long form. The records stay as many as they are, so that what grows is a leak and not the chain; the log grows with
every change.
"""

import os
import pathlib
import random
import re
import statistics
import sys
import tempfile
import threading
import time

from link import free_port
from yuelai import TIMEOUT, Hub, Node, Tap

SECONDS = int(os.environ.get("YL_SOAK_SECONDS", "30"))
SEED = int(os.environ.get("YL_SEED", "20261201"))
STORES = ["CY", "HD", "FT"]
WORKERS = 20  # of each store
PAUSE = 0.2  # between two acts
SAMPLES = 40
# Of the second quarter's median, and on top of that: SQLite's cache and the hub's memory of frontiers fill up slowly.
GROWTH = 1.1
GROWTH_KIB = 4096


def anonymous_kib(process):
    """What a process holds by itself, without the pages of its files."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return int(re.search(r"RssAnon:\s+(\d+) kB", status)[1])


class Soak:
    def __init__(self, program, folder):
        self.random = random.Random(SEED)
        folder = pathlib.Path(folder)
        address = f"127.0.0.1:{free_port()}"
        self.head = Node(program, folder / "head.yuelai")
        self.head.run("init", "--company", "试", "--code", "YL", "--hub", f"http://{address}")
        self.hub = Hub(self.head, address)
        self.stores = [self.join(program, folder, code) for code in STORES]
        self.workers = [[self.hire(node, n) for n in range(WORKERS)] for node in self.stores]
        for node in self.stores * 2:
            node.run("sync")
        self.watches = [node.start("sync", "--watch") for node in self.stores]
        for watch in self.watches:
            threading.Thread(target=watch.stdout.read, daemon=True).start()
        self.memory = {name: [] for name in ("hub", *STORES)}
        self.acts = 0

    def join(self, program, folder, code):
        self.head.run("site", "add", code, code, "--lat", "39.9", "--lon", "116.4")
        node = Node(program, folder / f"{code}.yuelai")
        node.run("join", self.head.word("invite", code, "--approved"))
        return node

    @staticmethod
    def hire(node, number):
        return node.json("add", "worker", f"name=王{number}", f"phone=1380000{number:04d}", "job_types=cleaning")["id"]

    def processes(self):
        return zip(self.memory, [self.hub.process, *self.watches])

    def sample(self):
        for name, process in self.processes():
            assert process.poll() is None, f"{name} ended with {process.returncode}: {process.stderr.read()}"
            self.memory[name].append(anonymous_kib(process))

    def act(self):
        """Mostly a store's own people, now and then another's; what is sealed and what is not."""
        at = self.random.randrange(len(STORES))
        of = at if self.random.random() < 0.8 else self.random.randrange(len(STORES))
        worker = self.random.choice(self.workers[of])
        change = self.random.choice([[f"expected_wage={self.random.randrange(3000, 9000)}", "wage_unit=month"],
                                     [f"intro=会做{self.random.randrange(1000)}样菜"],
                                     [f"skills=infant:{self.random.randrange(1, 4)}"]])
        done = self.stores[at].run("set", "worker", worker, *change, check=False)
        # Another store's people may be out of sync for a moment; a clash is named, never taken.
        assert done.returncode in (0, 1, 5), done.stderr
        self.acts += done.returncode == 0

    def works(self):
        began = time.monotonic()
        next_sample = began
        while time.monotonic() - began < SECONDS:
            if time.monotonic() >= next_sample:
                self.sample()
                next_sample += SECONDS / SAMPLES
            self.act()
            time.sleep(PAUSE)
        assert self.acts > SECONDS / 4, self.acts
        print(f"# {self.acts} change sets in {SECONDS} s")

    def memory_is_flat(self):
        grown = []
        for name, samples in self.memory.items():
            quarter = len(samples) // 4
            early, late = (statistics.median(part) for part in (samples[quarter:2 * quarter], samples[-quarter:]))
            print(f"# {name}: {samples[0]} KiB at first, {early:.0f} in the second quarter, {late:.0f} in the last")
            if late > early * GROWTH + GROWTH_KIB:
                grown.append(name)
        assert not grown, f"memory of {grown} grows"

    def all_are_equal(self):
        for watch in self.watches:
            watch.terminate()
            assert watch.wait(TIMEOUT) == 0, watch.stderr.read()
        for node in self.stores * 2:
            node.run("sync")
        assert len({node.state_hash() for node in (self.head, *self.stores)}) == 1
        for node in (self.head, *self.stores):
            node.run("fsck")

    def close(self):
        for _, process in self.processes():
            process.kill()


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yuelai-soak-") as folder:
        soak = Soak(os.path.abspath(sys.argv[1]), folder)
        try:
            for function in (soak.works, soak.memory_is_flat, soak.all_are_equal):
                tap.check(function.__name__.replace("_", " "), function)
        finally:
            soak.close()
    tap.done()


if __name__ == "__main__":
    main()
