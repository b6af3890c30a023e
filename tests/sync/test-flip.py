#!/usr/bin/python3
"""One byte of a store file flipped, anywhere: fsck says so, and what it named is put right without a reset.

    test-flip.py YUELAICTL [POINTS] [SEED]

Each point is a copy of a store's file with one byte changed. What it changed is read by SQLite alone. Either nothing that anybody can read
is another, or fsck names it, and then `fsck --repair` with the hub at hand makes the file what it was; or SQLite itself finds the file
damaged, which fsck says. YL_VERBOSE lists every point.
"""

import collections
import os
import random
import re
import socket
import sqlite3
import sys
import tempfile

from yuelai import Hub, Node, Tap

VERBOSE = "YL_VERBOSE" in os.environ
# What is named and cannot be put right: how tables are laid out, and the keys of this PC alone.
BEYOND = re.compile("the layout of|a key of")
# What only this copy knows of itself: nobody else could say what it was.
# Of a copy that began with a checkpoint the index of ops behind it follows from nothing else in the file either; nothing rests on it.
OWN = {"op", "sync_note", "trouble", "counter", "key_holder", "piece", "refolded", "meta"}
# Of a key not when it came here.
READING = {"seal_key": "SELECT id, key, person, disclosure, epoch, site FROM seal_key"}


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"127.0.0.1:{probe.getsockname()[1]}"


def contents(path):
    """Every table as SQLite reads it: {table: {row}}; None where it cannot."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as file:
            file.text_factory = bytes
            # The views on `trace` show all of it.
            names = [name for name, in file.execute("SELECT CAST(name AS BLOB) FROM sqlite_master WHERE type IN ('table', 'view')"
                                                    " AND name <> 'trace' ORDER BY 1")]
            names = [name.decode() for name in names]
            tables = {name: collections.Counter(repr(row) for row in file.execute(READING.get(name, f"SELECT * FROM [{name}]"))) for name in names}
            tables[" schema"] = collections.Counter(repr(row) for row in file.execute("SELECT * FROM sqlite_master"))
            tables[" head"] = collections.Counter(file.execute("PRAGMA user_version").fetchall() + file.execute("PRAGMA application_id").fetchall())
        file.close()
        return tables
    except (sqlite3.DatabaseError, OverflowError, UnicodeError):
        return None


def differing(before, after):
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


class Flips:
    def __init__(self, program, points, seed, directory):
        self.program, self.points, self.directory = program, points, directory
        self.random = random.Random(seed)
        self.address = free_address()
        self.hq, self.full, self.late = self.node("hq"), self.node("full"), self.node("late")
        self.store = self.full
        self.hub = None
        self.results = collections.Counter()
        self.missed = []

    def node(self, name):
        return Node(self.program, os.path.join(self.directory, f"{name}.yuelai"))

    def path(self, name):
        return os.path.join(self.directory, name)

    def test_company(self):
        self.hq.run("init", "--company", "示例家政", "--code", "HQ", "--hub", f"http://{self.address}")
        self.hq.run("site", "add", "CY", "朝阳店", "--lat", "39.92", "--lon", "116.44")
        self.hub = Hub(self.hq, self.address)
        self.store.run("join", self.hq.word("invite", "CY", "--approved"))
        with open(self.path("homes.csv"), "w", encoding="utf-8") as rows:
            rows.write("household_no,community,address\n")
            rows.writelines(f"H{i},小区{i},{i} 号楼\n" for i in range(300))
        self.store.run("import", "household", self.path("homes.csv"))
        workers = [self.store.word("add", "worker", f"name=王秀{i}", f"phone=1380000{i:04}") for i in range(20)]
        self.store.run("sync")
        for node, name in ((self.store, "李英"), (self.hq, "李瑛")):
            node.run("set", "worker", workers[0], f"name={name}")
        with open(self.path("photo.png"), "wb") as photo:
            photo.write(b"\x89PNG\r\n\x1a\n" + bytes(self.random.randrange(256) for _ in range(30000)))
        self.store.run("attach", "worker", workers[1], self.path("photo.png"), "--kind", "photo")
        self.store.run("remove", "worker", workers[2])
        self.hq.run("checkpoint", "make")
        self.late.run("join", self.hq.word("invite", "CY", "--approved"))
        for node in (self.full, self.late, self.full):
            node.run("sync")
        for node in (self.full, self.late):
            node.run("fsck")
            with sqlite3.connect(node.store) as file:
                file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            file.close()
        assert "history" in self.late.json("status", exits=(0, 3)) and "history" not in self.full.json("status", exits=(0, 3))

    def flip(self, whole, at):
        flipped = bytearray(whole)
        flipped[at] ^= self.random.randrange(1, 256)
        for suffix in ("-wal", "-shm"):
            if os.path.exists(self.store.store + suffix):
                os.remove(self.store.store + suffix)
        with open(self.store.store, "wb") as file:
            file.write(flipped)

    def repaired(self):
        done = self.store.run("fsck", "--repair", check=False)
        if done.returncode == 6 and "restore a backup or join again" in done.stdout:
            left = [line for line in done.stdout.splitlines() if line.startswith("still so:")]
            return None if all(BEYOND.search(line) for line in left) else f"not repaired: {done.stdout.strip()}"
        if done.returncode != 0:
            return f"not repaired: {done.stderr.strip()} {done.stdout.strip()}"
        self.store.run("sync")
        if self.store.run("fsck", check=False).returncode != 0:
            return "not whole after the repair"
        return None if self.store.state_hash() == self.hq.state_hash() else "another state after the repair"

    def works(self):
        """It exchanges, and comes to the same."""
        done = self.store.run("sync", check=False)
        if done.returncode != 0:
            return None if done.stderr else "nothing was said"
        return None if self.store.state_hash() == self.hq.state_hash() else "another state"

    def judge(self, before):
        """What came of one flip, and what is wrong with that."""
        after = contents(self.store.store)
        changed = differing(before, after) if after is not None else ["unreadable"]
        done = self.store.run("fsck", check=False)
        said = (done.stderr + done.stdout).strip()
        if done.returncode == 0:
            if changed and not set(changed) <= (OWN if self.store is self.late else OWN - {"op"}):
                return "missed", changed, said
            return ("own", changed, self.works()) if changed else ("nothing changed", changed, None)
        if done.returncode != 6:
            return "refused", changed, None if said else "nothing was said"
        if "restore a backup or join again" in said:
            return "damage SQLite names", changed, None
        wrong = self.repaired()
        return ("repaired" if wrong is None else "named"), changed, wrong

    def flips(self, store):
        self.store, self.results, self.missed = store, collections.Counter(), []
        with open(store.store, "rb") as file:
            whole = file.read()
        before = contents(store.store)
        for _ in range(self.points // 2):
            at = self.random.randrange(len(whole))
            self.flip(whole, at)
            result, changed, wrong = self.judge(before)
            self.results[result] += 1
            if wrong is not None:
                self.missed.append((at, result, changed, wrong))
            if VERBOSE:
                print(f"# {at}: {result} {','.join(changed)} {wrong or ''}", flush=True)
        print("# " + ", ".join(f"{result} {n}" for result, n in sorted(self.results.items())))
        assert not self.missed, "\n".join(map(str, self.missed))

    def test_whole_log(self):
        self.flips(self.full)

    def test_from_checkpoint(self):
        self.flips(self.late)

    def test_end(self):
        self.hub.stop()


def main():
    program = os.path.abspath(sys.argv[1])
    points = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yuelai-flip-") as directory:
        flips = Flips(program, points, seed, directory)
        for name in ("company", "whole_log", "from_checkpoint", "end"):
            if not tap.check(name.replace("_", " "), getattr(flips, f"test_{name}")) and name == "company":
                break
        if flips.hub is not None and flips.hub.process.poll() is None:
            flips.hub.kill()
    tap.done()


main()
