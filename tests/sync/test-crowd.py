#!/usr/bin/python3
"""A hub and twenty stores as real processes in network namespaces: rounds of work, cut links and kill -9, then all are equal.

    test-crowd.py YUELAICTL

YL_ROUNDS=N and YL_STORES=N choose how long and how many; without them 4 rounds of 20. YL_SEED=N repeats one run's choices.
"""

import json
import os
import pathlib
import random
import sys
import tempfile
import time

from link import Namespaces, Relay
from yuelai import TIMEOUT, Hub, Node, Tap

AT_ONCE = 4  # processes of stores that run at one time


class Crowd:
    def __init__(self, program, link_kind, directory, random_source):
        self.random = random_source
        self.names = [f"S{number}" for number in range(1, int(os.environ.get("YL_STORES", "20")) + 1)]
        self.link = link_kind(self.names)
        directory = pathlib.Path(directory)
        self.hq = Node(program, directory / "hq.yuelai", self.link.prefix("hub"))
        self.stores = {name: Node(program, directory / f"{name}.yuelai", self.link.prefix(name)) for name in self.names}
        self.hub = None
        self.cut = set()
        self.acknowledged = []
        self.killed = 0

    def close(self):
        if self.hub is not None:
            self.hub.kill()
        self.link.close()

    def open(self):
        self.hq.run("init", "--company", "悦来家政", "--code", "YL", "--hub", self.link.url)
        for number, name in enumerate(self.names):
            self.hq.run("site", "add", name, name, "--lat", f"39.{number + 10}", "--lon", "116.4")
        self.hub = Hub(self.hq, self.link.listen)
        for name, node in self.stores.items():
            node.run("join", self.hq.word("invite", name, "--approved"))

    def change_links(self):
        for name in self.names:
            if self.random.random() < 0.2:
                if name in self.cut:
                    self.link.restore(name)
                    self.cut.discard(name)
                else:
                    self.link.cut(name)
                    self.cut.add(name)

    def restart_hub(self):
        """As a power cut does it; who was being served sees a broken connection."""
        self.hub.kill()
        self.killed += 1
        self.hub = Hub(self.hq, self.link.listen)

    def start_one(self, name):
        node = self.stores[name]
        if self.random.random() < 0.5:
            return node.start("add", "worker", f"name=阿姨{self.random.randrange(10**6)}", "job_types=cleaning"), True
        return node.start("sync"), False

    def finish(self, process, writes):
        """Either it ends by itself, or kill -9 ends it; what it printed by then counts."""
        if self.random.random() < 0.4:
            time.sleep(self.random.random() * 0.1)
            process.kill()
            self.killed += 1
        output, errors = process.communicate(timeout=TIMEOUT)
        assert process.returncode in (0, 1, 3, 4, 5, -9), f"exit {process.returncode}: {errors}"
        if writes and output.endswith("\n"):
            self.acknowledged.append(output.split()[-1])
        # An interrupted link may break a sync off (4), never the file (6).
        if writes and process.returncode not in (0, -9):
            raise AssertionError(f"a save failed: {errors}")

    def round(self):
        self.change_links()
        names = self.random.sample(self.names, len(self.names))
        hub_falls = self.random.random() < 0.3
        for at in range(0, len(names), AT_ONCE):
            running = [self.start_one(name) for name in names[at:at + AT_ONCE]]
            if hub_falls and at >= len(names) // 2:
                self.restart_hub()
                hub_falls = False
            for process, writes in running:
                self.finish(process, writes)

    def rounds(self):
        for _ in range(int(os.environ.get("YL_ROUNDS", "4"))):
            self.round()

    def come_together(self):
        for name in list(self.cut):
            self.link.restore(name)
            self.cut.discard(name)
        for _ in range(2):
            for node in self.stores.values():
                node.run("sync")

    def all_are_equal(self):
        hashes = {name: node.state_hash() for name, node in [("hq", self.hq), *self.stores.items()]}
        assert len(set(hashes.values())) == 1, hashes

    def nothing_is_lost(self):
        there = {worker["id"] for worker in json.loads(self.hq.run("--json", "list", "worker").stdout)}
        lost = [worker for worker in self.acknowledged if worker not in there]
        assert not lost, f"of {len(self.acknowledged)} acknowledged {lost} are lost"
        assert self.acknowledged, "nothing was saved"
        print(f"# {len(self.acknowledged)} saves acknowledged, {self.killed} processes killed")

    def every_file_is_whole(self):
        for node in [self.hq, *self.stores.values()]:
            node.run("fsck")


STAGES = ["open", "rounds", "come_together", "all_are_equal", "nothing_is_lost", "every_file_is_whole"]


def main():
    program = os.path.abspath(sys.argv[1])
    seed = int(os.environ.get("YL_SEED", "20261201"))
    tap = Tap()
    print(f"# seed {seed}")
    with tempfile.TemporaryDirectory(prefix="yuelai-crowd-") as directory:
        crowd = Crowd(program, Namespaces if Namespaces.permitted() else Relay, directory, random.Random(seed))
        try:
            for number, stage in enumerate(STAGES):
                if not tap.check(stage.replace("_", " "), getattr(crowd, stage)):
                    for rest in STAGES[number + 1:]:
                        tap.skip(rest.replace("_", " "), "an earlier stage failed")
                    break
        finally:
            crowd.close()
    tap.done()


if __name__ == "__main__":
    main()
