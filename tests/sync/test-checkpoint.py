#!/usr/bin/python3
"""Checkpoints, pruning and repair with real processes.

    test-checkpoint.py YUELAICTL [RECORDS]
"""

import os
import socket
import sqlite3
import sys
import tempfile
import time

from yuelai import Hub, Node, Tap


class Story:
    """Each `test_` method is one step; they share one company and run in order."""

    def __init__(self, program, records, directory):
        self.program = program
        self.records = records
        self.directory = directory
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.hq = self.node("hq")
        self.early = self.node("early")
        self.away = self.node("away")
        self.late = self.node("late")
        self.hub = None

    def node(self, name):
        return Node(self.program, os.path.join(self.directory, f"{name}.yuelai"))

    def join(self, node):
        node.run("join", self.hq.word("invite", "CY", "--approved"))

    def expect_same(self, *nodes):
        hashes = {node.state_hash() for node in (self.hq, *nodes)}
        assert len(hashes) == 1, hashes
        for node in nodes:
            node.run("fsck")

    def sql(self, node, statement):
        """What some other program does to the file."""
        with sqlite3.connect(node.store) as file:
            changed = file.execute(statement).rowcount
        file.close()
        assert changed > 0, statement

    def test_company(self):
        self.hq.run("init", "--company", "示例家政", "--code", "HQ", "--hub", f"http://{self.address}")
        self.hq.run("site", "add", "CY", "朝阳店", "--lat", "39.92", "--lon", "116.44")
        self.hub = Hub(self.hq, self.address)
        self.join(self.early)
        self.join(self.away)
        table = os.path.join(self.directory, "homes.csv")
        with open(table, "w", encoding="utf-8") as rows:
            rows.write("household_no,community,address\n")
            rows.writelines(f"旧{i},小区{i},{i} 号楼\n" for i in range(self.records))
        self.early.run("import", "household", table)
        self.early.run("sync")
        self.expect_same(self.early)

    def test_checkpoint(self):
        assert self.early.run("checkpoint", "make", check=False).returncode == 5
        assert self.early.run("checkpoint", "verify", check=False).returncode == 1
        made = self.hq.json("checkpoint", "make")
        assert made["number"] == 1
        assert self.hq.json("checkpoint", "make")["number"] == 1, "nothing came since"
        assert self.hq.json("checkpoint", "verify")["verdict"] == "same"
        assert [one["tree"] for one in self.hq.json("checkpoint")] == [made["tree"]]
        self.hq.run("fsck")
        self.hq.run("log", "verify")

    def test_late_starts_from_it(self):
        self.join(self.late)
        self.late.run("sync")
        self.expect_same(self.late)
        assert [one["number"] for one in self.late.json("checkpoint")] == [1]
        assert len(self.late.json("list", "household")) == self.records
        self.late.run("log", "verify")
        assert any(entry.get("here") is False for entry in self.late.json("log"))
        before = self.late.state_hash()
        assert self.late.word("rebuild") == before

    def test_goes_on(self):
        self.away.run("add", "household", "community=离线小区")  # written while away, seen by nobody
        number = self.late.word("add", "household", "community=新小区")
        self.late.run("sync")
        self.early.run("sync")
        self.early.run("set", "household", number, "community=新小区二期")
        self.early.run("sync")
        self.late.run("sync")
        assert self.late.json("get", "household", number)["community"] == "新小区二期"
        self.expect_same(self.early, self.late)

    def test_repair_on_a_checkpoint(self):
        self.sql(self.late, "UPDATE household SET community = '错' WHERE community = '小区1'")
        found = self.late.json("fsck", exits=(6,))["faults"]
        assert [fault["column"] for fault in found] == ["community"], found
        self.late.run("sync")
        assert any("community" in line for line in self.late.json("status", exits=(0, 3))["repaired"])
        self.expect_same(self.late)

    def test_repair_of_both(self):
        self.hub.stop()
        self.sql(self.hq, "UPDATE household SET community = '错' WHERE community = '小区2'")
        self.sql(self.early, "DELETE FROM household WHERE community = '小区3'")
        self.hub = Hub(self.hq, self.address)
        self.early.run("sync")
        assert any("missing" in line for line in self.early.json("status", exits=(0, 3))["repaired"])
        for _ in range(100):
            if self.hq.json("status", exits=(0, 3))["repaired"]:
                break
            time.sleep(0.1)
        self.expect_same(self.early)

    def test_history(self):
        """All that lies behind the checkpoint comes in, gives it, and lets go of it; then it is a copy like any other."""
        before = self.late.state_hash()
        status = self.late.json("status", exits=(0, 3))
        assert status["history"]["here"] == 0 and status["history"]["wanted"], status
        self.late.run("sync", "--history")
        assert "history" not in self.late.json("status", exits=(0, 3))
        assert self.late.state_hash() == before
        assert self.late.json("log") == self.hq.json("log"), "the same log in the same order"
        assert self.late.json("checkpoint", "verify")["verdict"] == "same"
        assert self.hq.json("checkpoint", "verify")["verdict"] == "same", "as it was then"
        self.late.run("log", "verify")
        assert self.late.word("rebuild") == before
        self.expect_same(self.late)

    def test_prune(self):
        refused = self.early.run("prune", check=False)
        assert refused.returncode == 1 and "backup" in refused.stderr, refused.stderr
        backup = os.path.join(self.directory, "backup.yuelai")
        self.hq.run("backup", backup)
        assert self.hq.run("backup", backup, check=False).returncode == 5
        assert self.early.run("backup", "verified", backup, check=False).returncode == 5
        assert self.hq.word("backup", "verified", backup) == "1"
        assert self.hq.run("prune", check=False).returncode == 5
        before = self.early.state_hash()
        dropped = int(self.early.json("prune")["dropped"])
        assert dropped > 0
        assert self.early.state_hash() == before
        self.early.run("log", "verify")
        self.expect_same(self.early)
        assert self.early.word("rebuild") == before
        dropped = self.early.json("list", "household")[0]["id"]
        assert [entry.get("what") for entry in self.early.json("log", "household", dropped)] == [None]
        assert [entry["what"] for entry in self.early.json("log", "household", dropped, "--fetch")] != [None]
        assert [entry["what"] for entry in self.early.json("log", "household", dropped)] != [None], "it stays"
        self.early.run("log", "verify")
        self.early.run("add", "household", "community=剪枝之后")
        self.early.run("sync")
        self.expect_same(self.early)

    def test_prunes_by_itself(self):
        """An open window drops what is behind the horizon once the file is large enough, and the file gets smaller."""
        photo = os.path.join(self.directory, "photo.png")
        with open(photo, "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n" + os.urandom(1_500_000))
        worker = self.late.word("add", "worker", "name=王秀英")
        self.late.run("attach", "worker", worker, photo, "--kind", "photo")
        self.late.run("sync")
        assert self.late.json("prune", "--over", "1") == {"over": "1", "older": "0"}
        before = self.late.state_hash()
        watch = self.late.start("sync", "--watch")
        for _ in range(300):
            history = self.late.json("status", exits=(0, 3)).get("history")
            if history is not None:
                break
            time.sleep(0.1)
        watch.terminate()
        watch.communicate(timeout=60)
        assert history is not None and history["here"] == 0 and not history["wanted"], history
        with sqlite3.connect(self.late.store) as file:
            assert file.execute("PRAGMA freelist_count").fetchone() == (0,)
        file.close()
        assert self.late.state_hash() == before
        self.late.run("prune", "--over", "0")
        self.expect_same(self.late)

    def test_shut_out_behind_the_horizon(self):
        """Head office shuts out a PC whose work lies behind what this one dropped: it is asked for once more."""
        lost = self.node("lost")
        self.join(lost)
        lost.run("add", "household", "community=保留小区")
        lost.run("sync")
        status = lost.json("status")
        last = next(name for name in status["frontier"] if name.startswith(status["writer"]))
        lost.run("add", "household", "community=没收小区")
        lost.run("sync")
        self.late.run("sync")
        self.hq.run("checkpoint", "make")
        backup = os.path.join(self.directory, "second.yuelai")
        self.hq.run("backup", backup)
        self.hq.run("backup", "verified", backup)
        assert int(self.late.json("prune")["dropped"]) > 0
        label = lost.run("status").stdout.split()[1]
        self.hq.run("node", "revoke", label, "--from", last)
        for node in (self.late, self.early):
            node.run("sync")
            homes = {home["community"] for home in node.json("list", "household")}
            assert "保留小区" in homes and "没收小区" not in homes
        self.expect_same(self.late, self.early)

    def test_comes_back_from_behind(self):
        self.away.run("add", "household", "community=归来小区")
        self.away.run("sync")
        homes = {home["community"] for home in self.hq.json("list", "household")}
        assert {"离线小区", "归来小区"} <= homes
        for node in (self.early, self.late):
            node.run("sync")
        self.expect_same(self.away, self.early, self.late)

    def test_second_checkpoint(self):
        made = self.hq.json("checkpoint", "make")
        assert made["number"] == 3
        last = self.node("last")
        self.join(last)
        last.run("sync")
        self.expect_same(last)
        assert [one["tree"] for one in last.json("checkpoint")] == [made["tree"]]
        self.hub.stop()


def main():
    program, records = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 150
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yuelai-checkpoint-") as directory:
        story = Story(program, records, directory)
        for name in [name for name in vars(Story) if name.startswith("test_")]:
            if not tap.check(name[len("test_"):].replace("_", " "), getattr(story, name)):
                break
        if story.hub is not None and story.hub.process.poll() is None:
            story.hub.kill()
    tap.done()


main()
