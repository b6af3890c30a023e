#!/usr/bin/python3
"""The main job with real processes: a hub and two stores promise, lose the link, promise on, are killed, come back, agree.

    test-story.py YUELAICTL [namespaces | relay]
"""

import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

from link import Namespaces, Relay
from yuelai import TIMEOUT, Hub, Node, Tap, environment

START, END = "2026-12-01T09:00", "2026-12-01T12:00"
STANDING = {"tentative", "confirmed", "served"}
ROUNDS = 5  # kills in the middle of writing


class WriteLoop(threading.Thread):
    """A clerk who types without pause: every id in @printed was acknowledged."""

    def __init__(self, node):
        super().__init__(daemon=True)
        self.node = node
        self.printed = []
        self.process = None
        self.stopped = False

    def run(self):
        count = 0
        while not self.stopped:
            count += 1
            self.process = self.node.start("add", "worker", f"name=阿姨{count}", "job_types=cleaning,childcare_day")
            output, _ = self.process.communicate()
            if output.endswith("\n"):
                self.printed.append(output.split()[-1])

    def kill(self, acknowledged, later):
        """kill -9 in the middle of whatever it does, @later seconds after so many ids were printed."""
        deadline = time.monotonic() + TIMEOUT
        while len(self.printed) < acknowledged and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(later)
        self.stopped = True
        self.process.kill()
        self.join(TIMEOUT)


class Story:
    """Each method is one scene and leans on those before it."""

    def __init__(self, program, link_kind, directory):
        self.link = link_kind(["CY", "GM"])
        self.directory = pathlib.Path(directory)
        self.hq = Node(program, self.directory / "hq.yuelai", self.link.prefix("hub"))
        self.cy = Node(program, self.directory / "cy.yuelai", self.link.prefix("CY"))
        self.gm = Node(program, self.directory / "gm.yuelai", self.link.prefix("GM"))
        self.nodes = [self.hq, self.cy, self.gm]
        self.hub = None
        self.random = random.Random(20261201)
        self.acknowledged = []

    def close(self):
        if self.hub is not None:
            self.hub.kill()
        self.link.close()

    def sync_all(self):
        """Twice: the first may learn what the second store sends only after it."""
        for _ in range(2):
            self.cy.run("sync")
            self.gm.run("sync")

    def assert_equal(self):
        hashes = [node.state_hash() for node in self.nodes]
        assert len(set(hashes)) == 1, hashes

    # The scenes, in order.

    def company_opens(self):
        self.hq.run("init", "--company", "悦来家政", "--code", "YL", "--hub", self.link.url)
        self.hq.run("site", "add", "CY", "朝阳店", "--lat", "39.92", "--lon", "116.44")
        self.hq.run("site", "add", "GM", "国贸店", "--lat", "39.91", "--lon", "116.46")
        self.hub = Hub(self.hq, self.link.listen)

    def stores_join(self):
        for node, site in ((self.cy, "CY"), (self.gm, "GM")):
            node.run("join", self.hq.word("invite", site, "--approved"))
        self.sync_all()
        self.assert_equal()

    def promise_on_line(self):
        self.worker = self.cy.word("add", "worker", "name=王秀英", "phone=13800138000", "job_types=cleaning",
                                   "service_mode=hourly", "lat=39.93", "lon=116.45", "expected_wage=5000", "wage_unit=hour")
        order = self.add_order(self.cy, "李女士", "13900139001", start="2026-11-30T09:00")
        candidates = self.cy.json("match", order)["candidates"]
        assert [found["worker"] for found in candidates] == [self.worker], candidates
        self.promise = self.cy.word("book", order, self.worker, "2026-11-30T09:00", "2026-11-30T12:00")
        self.sync_all()
        self.assert_equal()
        for node in self.nodes:
            assert node.json("get", "booking", self.promise)["state"] == "confirmed"
            assert node.json("get", "order", order)["state"] == "proposed"

    @staticmethod
    def add_order(node, name, phone, start=START):
        customer = node.word("add", "customer", f"name={name}", f"phone={phone}")
        return node.word("add", "order", f"customer={customer}", "service_type=cleaning", f"start={start}", "minutes=180")

    def link_is_cut(self):
        for store, node in (("CY", self.cy), ("GM", self.gm)):
            self.link.cut(store)
            done = node.run("sync", check=False)
            assert done.returncode == 4, (done.returncode, done.stderr)
            assert len(done.stderr.splitlines()) == 1, done.stderr

    def both_promise_the_same_worker(self):
        self.claims = {}
        for node, name, phone in ((self.gm, "赵先生", "13900139002"), (self.cy, "陈女士", "13900139003")):
            order = self.add_order(node, name, phone)
            stage = "own" if node is self.cy else "chain"
            found = node.json("match", order)["candidates"][0]
            assert (found["worker"], found["stage"]) == (self.worker, stage), found
            self.claims[order] = node.word("book", order, self.worker, START, END)
        states = [node.json("get", "booking", claim)["state"] for node, claim in zip((self.gm, self.cy), self.claims.values())]
        assert states == ["tentative", "confirmed"], states
        assert self.gm.json("status")["waiting"] > 0

    def both_edit_the_same_worker(self):
        self.hq.run("set", "worker", self.worker, "intro=会做北方菜")
        self.cy.run("set", "worker", self.worker, "intro=爱干净,有耐心")
        self.gm.run("set", "worker", self.worker, "max_travel=40")  # another field: no conflict

    def killed_while_writing(self):
        for _ in range(ROUNDS):
            loop = WriteLoop(self.gm)
            loop.start()
            loop.kill(self.random.randint(1, 4), self.random.random() * 0.04)
            self.acknowledged += loop.printed
            self.gm.run("fsck")
        assert len(self.acknowledged) >= ROUNDS, self.acknowledged
        for worker in self.acknowledged:
            self.gm.run("get", "worker", worker)

    def hub_killed_while_syncing(self):
        for store in ("CY", "GM"):
            self.link.restore(store)
        sync = self.gm.start("sync")
        time.sleep(0.03)
        self.hub.kill()
        sync.communicate(timeout=TIMEOUT)
        assert sync.returncode in (0, 1, 4), sync.returncode
        self.hq.run("fsck")
        self.hub = Hub(self.hq, self.link.listen)

    def copies_agree(self):
        self.sync_all()
        self.assert_equal()
        for node in self.nodes:
            assert node.json("status", exits=(0, 3))["waiting"] == 0
            node.run("fsck")
            node.run("log", "verify")

    def one_winner(self):
        for node in self.nodes:
            states = {order: node.json("get", "booking", claim) for order, claim in self.claims.items()}
            standing = [order for order, booking in states.items() if booking["state"] in STANDING]
            assert len(standing) == 1, states
            (self.loser,) = set(self.claims) - set(standing)
            assert states[self.loser]["state"] == "overruled", states
            assert states[self.loser]["winner"] == self.claims[standing[0]], states
            assert node.json("get", "booking", self.promise)["state"] == "confirmed"

    def loser_is_back_in_matching(self):
        for node in self.nodes:
            order = node.json("get", "order", self.loser)
            assert (order["state"], order["cause"]) == ("matching", "overruled"), order
            listed = node.json("list", "order", "--where", "state=matching", "--where", "cause=overruled")
            assert [found["id"] for found in listed] == [self.loser], listed
            assert self.worker not in [found["worker"] for found in node.json("match", self.loser)["candidates"]]

    def today_names_it(self):
        for node in (self.gm, self.hq):
            named = [item for item in node.json("today") if item["kind"] == "overruled"]
            assert [(item["order"], item["cause"]) for item in named] == [(self.loser, "overruled")], named
        assert "overruled" not in [item["kind"] for item in self.cy.json("today")], "not the winner's concern"

    def conflict_is_shown_everywhere(self):
        lists = [node.json("conflicts", exits=(3,)) for node in self.nodes]
        # Who has no key to either sees that there are two, and not what they say.
        unread = lists[self.nodes.index(self.gm)]
        assert [(conflict["id"], conflict["field"]) for conflict in unread] == [(self.worker, "intro")], unread
        assert [version["value"] for conflict in unread for version in conflict["versions"]] == ["(no key)", "(no key)"], unread
        lists = [conflicts for conflicts in lists if conflicts is not unread]
        assert lists[0] == lists[1], lists
        (conflict,) = lists[0]
        assert (conflict["table"], conflict["id"], conflict["field"]) == ("worker", self.worker, "intro"), conflict
        values = [version["value"] for version in conflict["versions"]]
        assert sorted(values) == sorted(["会做北方菜", "爱干净,有耐心"]), values
        assert conflict["shown"] == values[0]
        for node in self.nodes:
            worker = node.json("get", "worker", self.worker)
            assert (worker["intro"], worker["max_travel"]) == (None if node is self.gm else values[0], 40), worker
            assert node.run("status", check=False).returncode == 3

    def nothing_acknowledged_is_lost(self):
        for node in self.nodes:
            there = {worker["id"] for worker in node.json("list", "worker")}
            assert set(self.acknowledged) <= there, set(self.acknowledged) - there

    def resolution_travels(self):
        self.cy.run("resolve", "worker", self.worker, "intro", "--value", "会做北方菜,有耐心")
        self.sync_all()
        self.assert_equal()
        for node in self.nodes:
            assert node.json("conflicts") == []
            shown = None if node is self.gm else "会做北方菜,有耐心"
            assert node.json("get", "worker", self.worker)["intro"] == shown
            assert node.run("status", check=False).returncode == 0

    def dropout_finds_a_substitute(self):
        result = self.cy.json("dropout", self.promise, "--reason", "她病了")
        assert (result["state"], result["cause"]) == ("matching", "dropout"), result
        found = [candidate["worker"] for candidate in result["substitutes"]["candidates"]]
        assert found and self.worker not in found, found
        order = self.cy.json("get", "booking", self.promise)["order"]
        again = self.cy.word("book", order, found[0], "2026-11-30T09:00", "2026-11-30T12:00")
        self.sync_all()
        self.assert_equal()
        for node in self.nodes:
            assert node.json("get", "booking", self.promise)["state"] == "dropped"
            assert node.json("get", "booking", again)["state"] in STANDING
            assert node.json("get", "order", order)["state"] == "proposed"

    def state_comes_from_the_log_alone(self):
        for node in self.nodes:
            before = node.state_hash()
            assert node.word("rebuild") == before == node.state_hash()

    def stock_git_agrees(self):
        directory = self.directory / "audit.git"
        self.cy.run("log", "export", directory)
        git = ["git", "-C", directory, "-c", f"gpg.ssh.allowedSignersFile={directory}/allowed_signers"]
        subprocess.run([*git, "fsck", "--strict"], check=True, capture_output=True, env=environment())
        refs = subprocess.run([*git, "for-each-ref", "--format=%(objectname)"], check=True, capture_output=True, text=True,
                              env=environment()).stdout.split()
        assert len(refs) >= 4, refs  # the authority, head office, two stores
        for ref in refs:
            subprocess.run([*git, "verify-commit", ref], check=True, capture_output=True, env=environment())

    def hub_ends_cleanly(self):
        self.hub.stop()
        self.hub = None


SCENES = ("company_opens", "stores_join", "promise_on_line", "link_is_cut", "both_promise_the_same_worker",
          "both_edit_the_same_worker", "killed_while_writing", "hub_killed_while_syncing", "copies_agree", "one_winner",
          "loser_is_back_in_matching", "today_names_it", "conflict_is_shown_everywhere",
          "nothing_acknowledged_is_lost", "resolution_travels", "dropout_finds_a_substitute",
          "state_comes_from_the_log_alone", "stock_git_agrees", "hub_ends_cleanly")


def play(tap, program, link_kind):
    with tempfile.TemporaryDirectory(prefix="yuelai-story-") as directory:
        story = Story(program, link_kind, directory)
        try:
            for number, scene in enumerate(SCENES):
                if not tap.check(scene.replace("_", " "), getattr(story, scene)):
                    for rest in SCENES[number + 1:]:
                        tap.skip(rest.replace("_", " "), "an earlier scene failed")
                    break
        finally:
            story.close()


def main():
    program = os.path.abspath(sys.argv[1])
    kind = sys.argv[2] if len(sys.argv) > 2 else "relay"
    tap = Tap()
    if kind == "namespaces" and not Namespaces.permitted():
        tap.skip("the story in network namespaces", "namespaces are not permitted here; the relay plays it too")
    else:
        play(tap, program, Namespaces if kind == "namespaces" else Relay)
    tap.done()


if __name__ == "__main__":
    main()
