"""Store files put back from a backup, files copied to a second PC, and a hub put back from an old copy: with real programs. Nothing is lost,
all copies agree afterwards, and people are told."""

import os
import shutil
import sys
import tempfile

from yuelai import Hub, Node, Tap

NAMES = {"first": "王秀英", "second": "李淑兰", "third": "张桂英", "fourth": "陈玉梅", "fifth": "刘红"}


class Company:
    """Head office with a hub, and the PC of one store that has written and synced."""

    def __init__(self, program, port):
        self.program = program
        self.folder = tempfile.TemporaryDirectory(prefix="yuelai-restore-")
        self.address = f"127.0.0.1:{port}"
        self.hq = self.node("hq")
        self.hq.run("init", "--company", "示例", "--code", "HQ", "--hub", f"http://{self.address}")
        self.hq.run("site", "add", "CY", "朝阳", "--lat", "39.9", "--lon", "116.4")
        self.hub = Hub(self.hq, self.address)
        self.pc = self.node("pc")
        self.pc.run("join", self.hq.json("invite", "CY", "--approved")["code"])
        self.workers = {}
        self.add(self.pc, "first")
        self.pc.run("sync")

    def node(self, name):
        """A PC of its own: what it keeps outside the store file lies in a folder of its own too."""
        folder = os.path.join(self.folder.name, name)
        os.mkdir(folder)
        return Node(self.program, os.path.join(folder, "store.yuelai"), XDG_STATE_HOME=os.path.join(folder, "state"))

    def add(self, node, which):
        self.workers[which] = node.word("add", "worker", f"name={NAMES[which]}")

    def keep(self, node):
        shutil.copy(node.store, node.store + ".backup")

    def put_back(self, node):
        for suffix in ("-wal", "-shm"):
            if os.path.exists(node.store + suffix):
                os.unlink(node.store + suffix)
        shutil.copy(node.store + ".backup", node.store)

    def assert_all_agree(self, nodes, workers):
        hashes = {node.state_hash() for node in nodes}
        assert len(hashes) == 1, hashes
        for node in nodes:
            names = sorted(worker["name"] for worker in node.json("list", "worker"))
            assert names == sorted(NAMES[which] for which in workers), names
            numbers = [worker["worker_no"] for worker in node.json("list", "worker")]
            assert len(set(numbers)) == len(numbers), numbers
            node.run("fsck")

    def end(self):
        self.hub.stop()
        self.folder.cleanup()


def troubles(node):
    return {trouble["kind"]: trouble for trouble in node.json("status", exits=(0, 3))["troubles"]}


def put_back_with_link(company):
    company.keep(company.pc)
    company.add(company.pc, "second")
    company.pc.run("sync")
    company.put_back(company.pc)
    writer = company.pc.json("status", exits=(0, 3))["writer"]
    company.pc.run("sync")
    company.add(company.pc, "third")
    company.pc.run("sync")
    company.assert_all_agree((company.pc, company.hq), ("first", "second", "third"))
    assert company.pc.json("status", exits=(0, 3))["writer"] != writer
    assert "CY-A" in troubles(company.pc)["restored"]["text"]
    assert "fork" not in troubles(company.hq)


def put_back_without_link(company):
    company.add(company.pc, "second")
    company.keep(company.pc)
    company.pc.run("sync")
    company.hub.stop()
    company.put_back(company.pc)
    company.add(company.pc, "third")
    company.hub = Hub(company.hq, company.address)
    company.pc.run("sync")
    company.pc.run("sync")
    company.assert_all_agree((company.pc, company.hq), ("first", "second", "third"))
    assert company.pc.json("conflicts") == []
    assert "fork" not in troubles(company.hq)


def copied_to_a_second_pc(company):
    other = company.node("other")
    company.add(company.pc, "second")
    shutil.copy(company.pc.store, other.store)
    company.hub.stop()
    company.add(company.pc, "third")
    company.add(other, "fourth")
    company.hub = Hub(company.hq, company.address)
    for _ in range(2):
        company.pc.run("sync")
        other.run("sync")
    company.pc.run("sync")
    company.assert_all_agree((company.pc, other, company.hq), ("first", "second", "third", "fourth"))
    assert "cloned" in troubles(other) and "cloned" not in troubles(company.pc)
    assert company.pc.json("conflicts") == []
    assert "fork" not in troubles(company.hq)


def hub_put_back(company):
    """Head office's file is yesterday's: its stores give it back all it had, its own work of that day too."""
    company.hub.stop()
    company.keep(company.hq)
    company.hub = Hub(company.hq, company.address)
    company.add(company.pc, "second")
    company.hq.run("set", "worker", company.workers["first"], "expected_wage=5200", "wage_unit=month")
    company.pc.run("sync")
    company.hub.stop()
    company.put_back(company.hq)
    company.hub = Hub(company.hq, company.address)
    company.pc.run("sync")
    assert "rewind" in troubles(company.pc), troubles(company.pc)
    company.hq.run("set", "worker", company.workers["first"], "max_travel=40")
    company.pc.run("sync")
    company.assert_all_agree((company.pc, company.hq), ("first", "second"))
    for node in (company.pc, company.hq):
        worker = node.json("get", "worker", company.workers["first"])
        assert (worker["expected_wage"], worker["max_travel"]) == (5200, 40), worker
    assert "restored" in troubles(company.hq)
    assert "rewind" not in troubles(company.pc), troubles(company.pc)
    assert company.pc.json("status", exits=(0, 3))["waiting"] == 0


def forgotten_erasures(company, marker):
    """Head office's file is from before somebody was erased. Nobody gets keys from it until it has heard: not even who may have all others'."""
    late = company.node("late")
    late.run("join", company.hq.json("invite", "CY", "--approved")["code"])
    company.pc.run("sync")
    company.hub.stop()
    company.add(company.pc, "second")
    company.hub = Hub(company.hq, company.address)
    company.pc.run("sync")
    company.hub.stop()
    company.keep(company.hq)
    company.hub = Hub(company.hq, company.address)
    company.hq.run("erase", company.workers["second"], "--yes")
    company.pc.run("sync")
    company.hub.stop()
    company.put_back(company.hq)
    if not marker:
        shutil.rmtree(os.path.join(os.path.dirname(company.hq.store), "state"))
    company.hub = Hub(company.hq, company.address)
    late.run("sync")
    assert late.json("get", "worker", company.workers["second"])["name"] is None, "its keys were given out"
    assert company.hq.json("get", "worker", company.workers["second"])["name"] == NAMES["second"], "it is from before"
    company.add(company.pc, "third")
    company.pc.run("sync")
    company.pc.run("sync")
    for _ in range(2):
        late.run("sync")
    for node in (late, company.hq, company.pc):
        assert node.json("get", "worker", company.workers["second"])["name"] is None
        assert node.json("get", "worker", company.workers["third"])["name"] == NAMES["third"], "keys are given out again"


def forgotten_erasures_with_marker(company):
    forgotten_erasures(company, True)


def forgotten_erasures_without_marker(company):
    """On a new computer: nobody knows how far the file was, so every PC has to call."""
    forgotten_erasures(company, False)


def keeps_its_pen(company):
    """Moving the file on the same PC, and programs one after the other, change nothing."""
    writer = company.pc.json("status")["writer"]
    company.add(company.pc, "second")
    moved = company.pc.store + ".moved"
    os.rename(company.pc.store, moved)
    company.pc.store = moved
    company.add(company.pc, "third")
    company.pc.run("sync")
    assert company.pc.json("status")["writer"] == writer
    company.assert_all_agree((company.pc, company.hq), ("first", "second", "third"))


def shut_out(company):
    """A PC that was shut out: its later work lies in the review tray, and it says so."""
    company.hq.run("node", "revoke", "CY-A", "--lost")
    assert [node["revoked"] for node in company.hq.json("node", "list")] == [True, False]
    company.add(company.pc, "second")
    company.add(company.pc, "third")
    done = company.pc.run("sync", check=False)
    assert done.returncode == 5 and "shut out" in done.stderr, done
    assert "revoked" in troubles(company.pc)
    assert company.pc.run("status", check=False).returncode == 3
    tray = company.hq.json("review", "list", exits=(3,))
    assert [(item["pc"], item["what"][:10]) for item in tray] == [("CY-A", "add worker")] * 2, tray
    assert company.hq.json("review", "show", tray[0]["entry"])[0]["table"] == "worker"
    company.hq.run("review", "accept", tray[0]["entry"])
    company.hq.run("review", "drop", tray[1]["entry"])
    assert company.hq.json("review", "list") == []
    assert len(company.hq.json("list", "worker")) == 2
    company.hq.run("fsck")


def main(program):
    tap = Tap()
    port = 20800
    for test in (put_back_with_link, put_back_without_link, copied_to_a_second_pc, hub_put_back, forgotten_erasures_with_marker,
                 forgotten_erasures_without_marker, keeps_its_pen, shut_out):
        port += 1
        company = Company(program, port)
        tap.check(test.__name__.replace("_", " "), test, company)
        company.end()
    print(f"1..{tap.count}")


if __name__ == "__main__":
    main(*sys.argv[1:])
