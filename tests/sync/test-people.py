#!/usr/bin/python3
"""Records of one person over the real exchange: two stores and head office find, merge, part and tell the history of them.

    test-people.py YUELAICTL
"""

import pathlib
import sys
import tempfile

from yuelai import Hub, Node, Tap

ADDRESS = "127.0.0.1:24917"


class People:
    """Each method is one scene and leans on those before it."""

    def __init__(self, program, directory):
        self.hq, self.near, self.far = (Node(program, directory / f"{name}.yuelai") for name in ("hq", "near", "far"))
        self.nodes = (self.hq, self.near, self.far)
        self.hq.run("init", "--company", "悦来家政", "--code", "YL", "--hub", f"http://{ADDRESS}")
        for code, name in (("CY", "朝阳店"), ("GM", "国贸店")):
            self.hq.run("site", "add", code, name, "--lat", "39.92", "--lon", "116.44")
        self.hub = Hub(self.hq, ADDRESS)
        for node, code in ((self.near, "CY"), (self.far, "GM")):
            node.run("join", self.hq.word("invite", code, "--approved"))
        self.one = self.two = None

    def _sync(self):
        for _ in range(2):
            self.near.run("sync")
            self.far.run("sync")

    def _assert_equal(self):
        assert len({node.state_hash() for node in self.nodes}) == 1

    def head_office_finds_the_pair(self):
        self.one = self.near.word("add", "worker", "name=张秀英", "phone=13900139001", "skills=infant:2", "home_store=CY")
        self.two = self.far.word("add", "worker", "name=张秀英", "phone=139 0013 9001", "skills=newborn", "home_store=GM")
        self._sync()
        for node in self.nodes:
            (pair,) = node.json("duplicates", exits=(3,))
            assert (pair["first"], pair["second"], pair["reason"]) == (*sorted((self.one, self.two)), "phone"), pair

    def nothing_of_the_number_travels(self):
        pairs = [op for entry in self.far.json("log") for op in entry["ops"] if op["table"] == "duplicate"]
        assert [set(op["values"]) for op in pairs] == [{"kind", "first", "second", "reason"}], pairs
        assert "13900139001" not in self.far.run("--json", "log").stdout

    def merged_apart_both_ways(self):
        self.near.run("merge", "worker", self.one, self.two)
        self.far.run("merge", "worker", self.two, self.one)
        self._sync()
        survivor = min(self.one, self.two)
        for node in self.nodes:
            for worker in (self.one, self.two):
                shown = node.json("get", "worker", worker)
                assert shown["id"] == survivor and shown["skills"] == "infant:2,newborn", shown
            assert len(node.json("list", "worker")) == 1
            assert node.json("duplicates") == []
        self._assert_equal()

    def history_of_both_is_told(self):
        history = self.hq.json("log", "worker", self.one)
        assert [entry["what"].split()[0] for entry in history] == ["add", "add"], history
        phones = [change["after"] for entry in history for change in entry["changes"] if change["field"] == "phone"]
        assert phones == ["13900139001"] * 2, phones

    def parted_as_they_were(self):
        self.far.run("unmerge", "worker", self.one)
        self._sync()
        for node in self.nodes:
            assert node.json("get", "worker", self.one)["skills"] == "infant:2"
            assert node.json("get", "worker", self.two)["skills"] == "newborn"
        self._assert_equal()

    def told_apart_for_good(self):
        self.near.run("tell-apart", "worker", self.one, self.two)
        self._sync()
        self.near.run("set", "worker", self.one, "note=两个人同名同电话")
        self._sync()
        for node in self.nodes:
            assert node.json("duplicates") == []

    def decision_travels_and_as_of_remembers(self):
        for node, wage in ((self.near, 5200), (self.far, 5600)):
            node.run("set", "worker", self.one, f"expected_wage={wage}", "wage_unit=month26")
        self._sync()
        (conflict,) = self.hq.json("conflicts", exits=(3,))
        assert sorted(version["value"] for version in conflict["versions"]) == [5200, 5600], conflict
        self.far.run("resolve", "worker", self.one, "expected_wage", "--take", "2")
        self._sync()
        wage = conflict["versions"][1]["value"]
        for node in self.nodes:
            assert node.json("conflicts") == []
            assert node.json("get", "worker", self.one)["expected_wage"] == wage
        for version in conflict["versions"]:
            history = self.hq.json("log", "worker", self.one)
            (entry,) = [entry for entry in history for change in entry["changes"]
                        if change["field"] == "expected_wage" and change["after"] == version["value"] and not change["decides"]]
            past = self.near.json("as-of", version["time"], "worker", self.one, "--seen-by", f"{entry['writer']}:{entry['seq']}")
            assert past["expected_wage"] == version["value"], past

    def both_take_all_of_theirs_apart(self):
        for node, minutes in ((self.near, 30), (self.far, 40)):
            node.run("set", "worker", self.two, f"max_travel={minutes}")
        self._sync()
        for node in (self.near, self.far):
            assert node.json("resolve", "worker", "--all-of", "theirs")["resolved"] == "1"
        self._sync()
        (again,) = self.hq.json("conflicts", exits=(3,))
        assert sorted(version["value"] for version in again["versions"]) == [30, 40], again
        self._assert_equal()


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yl-people-") as directory:
        people = People(sys.argv[1], pathlib.Path(directory))
        try:
            for name in vars(People):
                if not name.startswith("_") and not tap.check(name.replace("_", " "), getattr(people, name)):
                    break
        finally:
            people.hub.kill()
    tap.done()


if __name__ == "__main__":
    main()
