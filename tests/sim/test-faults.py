#!/usr/bin/env python3
"""The shipped yuelaictl on a real file system whose calls fail: strace answers the n-th one with EIO or ENOSPC.

usage: test-faults.py YUELAICTL    (YL_FAULT_POINTS=N points a job; 0: all)"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sync"))
from yuelai import SECRETS, Node, Tap, environment  # noqa: E402

POINTS = int(os.environ.get("YL_FAULT_POINTS", "10"))
CALLS = ("fsync", "fdatasync", "pwrite64", "write", "ftruncate", "rename", "unlink")
TIMEOUT = 120


class Bench:
    """A store that is put back before every point, with the markers and keys that belong to it."""

    def __init__(self, program, folder):
        self.folder = pathlib.Path(folder)
        self.kept = self.folder / "kept"
        self.node = Node(program, self.folder / "hq.yuelai")
        self.node.run("init", "--company", "示例", "--code", "YL", "--hub", "http://127.0.0.1:1")
        self.known = self.add("王秀英")
        self.state = pathlib.Path(os.environ["XDG_STATE_HOME"])
        self.keep()

    def add(self, name):
        return self.node.word("add", "worker", f"name={name}")

    def keep(self):
        self.kept.mkdir()
        for file in self.folder.glob("hq.yuelai*"):
            shutil.copy2(file, self.kept)
        shutil.copytree(self.state, self.kept / "state")

    def put_back(self):
        for file in self.folder.iterdir():
            if file.is_file():
                file.unlink()
        for file in self.kept.glob("hq.yuelai*"):
            shutil.copy2(file, self.folder)
        shutil.rmtree(self.state)
        shutil.copytree(self.kept / "state", self.state)

    def traced(self, arguments, *options):
        return subprocess.run(["strace", "-f", "-qq", "-o", str(self.folder / "trace"), *options, "--",
                               *self.node.command(*arguments)], env=environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=TIMEOUT)

    def count(self, arguments):
        """How often a command makes each call."""
        self.put_back()
        done = self.traced(arguments, "-e", "trace=" + ",".join(CALLS))
        assert done.returncode == 0, done.stderr
        lines = (self.folder / "trace").read_text(errors="replace").splitlines()
        return {call: sum(f" {call}(" in line for line in lines) for call in CALLS}

    def workers(self):
        return {row["id"]: row["name"] for row in self.node.json("list", "worker")}

    def check_whole(self):
        """The file is whole, the log gives the same state again, and what was there is there."""
        self.node.run("fsck")
        before = self.node.state_hash()
        assert self.node.word("rebuild") == before
        assert self.workers()[self.known] == "王秀英"

    def point(self, job, call, error, at, for_ever):
        self.put_back()
        when = f"{at}+" if for_ever else str(at)
        done = self.traced(job.arguments, "-e", f"inject={call}:error={error}:when={when}")
        what = f"{call} {error} at {when}: exit {done.returncode}, {done.stderr.strip()}"
        assert 0 <= done.returncode <= 6, what
        assert done.returncode == 0 or done.stderr.count("\n") == 1 or call == "write", what
        try:
            job.check(self, done)
            self.check_whole()
        except AssertionError as fault:
            raise AssertionError(f"{what}: {fault}") from fault
        return done.returncode != 0


class Save:
    arguments = ("add", "worker", "name=李淑兰")

    def check(self, bench, done):
        if done.returncode == 0:
            assert bench.workers()[done.stdout.split()[-1]] == "李淑兰", "acknowledged and lost"
        assert len(bench.workers()) <= 2, "written twice"


class Backup:
    def __init__(self, bench):
        self.file = bench.folder / "backup"
        self.arguments = ("backup", self.file)

    def check(self, bench, done):
        if done.returncode == 0:
            assert Node(bench.node.program, self.file).state_hash() == bench.node.state_hash(), "not what was backed up"


class Bundle:
    def __init__(self, bench):
        self.file = bench.folder / "all.bundle"
        self.arguments = ("bundle", "write", self.file)

    def check(self, bench, done):
        assert done.returncode != 0 or self.file.stat().st_size > 0, "an empty bundle"


def points(counts):
    every = [(call, error, at, for_ever) for call in CALLS for error in ("EIO", "ENOSPC")
             for at in range(1, counts[call] + 1) for for_ever in (False, True)]
    if POINTS == 0 or POINTS >= len(every):
        return every
    return [every[i * len(every) // POINTS] for i in range(POINTS)]


def try_job(bench, job):
    chosen = points(bench.count(job.arguments))
    broken = sum(bench.point(job, *point) for point in chosen)
    print(f"# {len(chosen)} points, {broken} of them told as an error")
    assert broken > 0, "no call failed: nothing was tried"


def may_trace():
    return subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode == 0


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yuelai-faults-") as folder:
        if shutil.which("strace") is None:
            tap.bail_out("strace is missing: it is among the packages of ./check")
        if not may_trace():
            tap.skip("calls that fail", "this machine lets nobody trace")
            tap.done()
            return
        bench = Bench(sys.argv[1], folder)
        tap.check("a save whose calls fail", try_job, bench, Save())
        tap.check("a backup whose calls fail", try_job, bench, Backup(bench))
        tap.check("a bundle whose calls fail", try_job, bench, Bundle(bench))
        tap.done()


if __name__ == "__main__":
    try:
        main()
    finally:
        SECRETS.cleanup()
