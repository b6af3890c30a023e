#!/usr/bin/python3
"""The main jobs at the desk, off line, as assistive technology sees them: intake, match, promise, dropout, substitute; what two
stores changed apart.

    test-desk.py YUELAICTL YUELAI
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sync"))

import stage  # noqa: E402
from yuelai import Hub, Node  # noqa: E402

# Three of this store, one of another: found only when the chain is asked.
OWN = ["王秀英", "张桂兰", "刘美华"]
OTHER = "陈玉珍"


def make_store(program, directory):
    """A store that has joined its company and then lost the link: the hub is gone for good."""
    head_office = Node(program, directory / "head-office.yuelai")
    store = Node(program, directory / "store.yuelai")
    address = f"127.0.0.1:{stage.free_port()}"
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


def make_apart(program, directory):
    """A store, off line again, that another one changed things apart from: three wages, a remark, and one phone number twice."""
    directory.mkdir()
    head_office, near, far = (Node(program, directory / f"{name}.yuelai") for name in ("head-office", "near", "far"))
    address = f"127.0.0.1:{stage.free_port()}"
    head_office.run("init", "--company", "悦来家政", "--code", "YL", "--hub", f"http://{address}")
    for code, name in (("CY", "朝阳店"), ("GM", "国贸店")):
        head_office.run("site", "add", code, name, "--lat", "39.92", "--lon", "116.44")
    hub = Hub(head_office, address)
    for node, code in ((near, "CY"), (far, "GM")):
        node.run("join", head_office.word("invite", code, "--approved"))
    workers = [near.word("add", "worker", f"name={name}", "job_types=cleaning", "home_store=CY", "expected_wage=5000",
                         "wage_unit=month26", "note=怕猫") for name in OWN]
    twin = far.word("add", "worker", f"name={OTHER}", "job_types=cleaning", "home_store=GM", "phone=13900139077")
    near.run("set", "worker", workers[2], "phone=13900139077")
    for _ in range(2):
        near.run("sync")
        far.run("sync")
    for node, wage, remark in ((near, 5200, "喜欢早班"), (far, 5600, "住得远")):
        for worker in workers:
            node.run("set", "worker", worker, f"expected_wage={wage}")
        node.run("set", "worker", workers[0], f"note=怕猫\n{remark}")
    for _ in range(2):
        near.run("sync")
        far.run("sync")
    hub.kill()
    return near, workers, twin


class Reconcile:
    """What two stores changed apart, decided at the desk of one of them."""

    def __init__(self, desk, store, workers, twin):
        self.desk = desk
        self.store = store
        self.workers = workers
        self.twin = twin

    def _conflicts(self):
        return [(conflict["id"], conflict["field"]) for conflict in self.store.json("conflicts", exits=(0, 3))]

    def _wait_for(self, n):
        from desk import wait_for

        wait_for(f"{n} conflicts", lambda: len(self._conflicts()) == n)

    def _worker(self, worker):
        return self.store.json("get", "worker", worker)

    def _undo(self):
        # The toast's button has its label twice in its name.
        assert self.desk.find("push button", starts="Undo").do_action(0)

    def _said(self, verb):
        return sum(entry["what"].split()[0] == verb for entry in self.store.json("log"))

    def _merge(self):
        number = self._worker(self.workers[2])["worker_no"]
        self.desk.press(f"{'1' if self.workers[2] < self.twin else '2'} · Same person, keep {number}")

    def pill_counts_what_waits(self):
        self.desk.press("! needs you 5")
        self.desk.press("Decide what is true…")
        self.desk.read("4 things with two versions")
        assert len(self.desk.rows("Two versions")) >= 4

    def decision_can_be_undone(self):
        self.desk.press("3 · Keep both")
        self._undo()
        self.desk.find("push button", "3 · Keep both")
        self._wait_for(4)
        assert self._said("resolve") == 1 and self._said("undo") == 1

    def both_remarks_can_be_kept(self):
        self.desk.press("3 · Keep both")
        self._wait_for(3)
        note = self._worker(self.workers[0])["note"]
        assert sorted(note.split("\n")) == sorted(["怕猫", "喜欢早班", "住得远"]), note

    def one_value_is_picked(self):
        self.desk.press("1 · 56.00 yuan · Per 26 days")
        self._wait_for(2)

    def another_value_is_written(self):
        self.desk.type("Another value", "5400 / month26")
        self.desk.press("Write this")
        self._wait_for(1)
        assert 5400 in [self._worker(worker)["expected_wage"] for worker in self.workers]

    def wrong_value_is_refused(self):
        self.desk.type("Another value", "many")
        self.desk.press("Write this")
        self.desk.read("write all 2 values")
        self._wait_for(1)

    def merge_can_be_undone(self):
        self._merge()
        self._undo()
        self.desk.read("Worker · Same phone")
        assert self._worker(self.twin)["id"] == self.twin
        assert self._said("merge") == 1 and self._said("undo") == 2

    def two_records_become_one_person(self):
        self._merge()
        from desk import wait_for

        wait_for("one person", lambda: self._worker(self.twin)["id"] == self.workers[2])
        self.store.run("unmerge", "worker", self.twin)

    def pair_is_told_apart(self):
        self.desk.press("3 · Not the same person")
        self.desk.read("Two people.")
        assert self.store.json("duplicates") == []


class ReconcileMany(Reconcile):
    """All that differ, decided at once, and taken back."""

    def many_are_decided_at_once(self):
        self.desk.press("! needs you 5")
        self.desk.press("Decide what is true…")
        self.desk.press("Take theirs (4)")
        self._undo()
        self.desk.press("Take ours (4)")
        self._wait_for(0)
        assert [self._worker(worker)["expected_wage"] for worker in self.workers] == [5200] * 3
        assert self._said("resolve") == 2 and self._said("undo") == 1


def run(tap, yuelaictl, yuelai, directory):
    from desk import Desk

    store = make_store(yuelaictl, directory)
    desk = Desk(yuelai, store.store, directory)
    stage.play(tap, desk, Scenes(desk, store))
    for kind in (Reconcile, ReconcileMany):
        near, workers, twin = make_apart(yuelaictl, directory / kind.__name__)
        desk = Desk(yuelai, near.store, directory)
        stage.play(tap, desk, kind(desk, near, workers, twin))


if __name__ == "__main__":
    sys.exit(stage.main(run))
