#!/usr/bin/python3
"""Change sets carried on a stick: between stores that have no link, read twice, cut off, changed."""

import os
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from yuelai import Hub, Node, Tap  # noqa: E402


class Chain:
    def __init__(self, program, folder):
        self.folder = pathlib.Path(folder)
        self.address = f"127.0.0.1:{20000 + os.getpid() % 12000}"
        self.head = Node(program, self.folder / "head.yuelai")
        self.head.run("init", "--company", "试", "--code", "YL", "--hub", f"http://{self.address}")
        self.hub = Hub(self.head, self.address)
        self.cy, self.hd = (self.join(program, code) for code in ("CY", "HD"))
        for node in (self.cy, self.hd):
            node.run("sync")
        self.hub.stop()
        self.n = 0

    def join(self, program, code):
        self.head.run("site", "add", code, code, "--lat", "39.9", "--lon", "116.4")
        node = Node(program, self.folder / f"{code}.yuelai")
        node.run("join", self.head.word("invite", code, "--approved"))
        return node

    def stick(self):
        self.n += 1
        return self.folder / f"stick{self.n}.ylb"


def worker(node, number):
    return node.json("add", "worker", f"name=王{number}", f"phone=1380000{number:04d}", "job_types=cleaning",
                     "service_mode=hourly")["id"]


def waiting(node):
    return node.json("status", exits=(0, 3))["waiting"]


def carries_both_ways(chain):
    cy, hd = chain.cy, chain.hd
    mine = worker(cy, 1)
    theirs = worker(hd, 2)
    stick = chain.stick()
    written = cy.json("bundle", "write", stick, "--for", "HD-A")
    assert written["entries"] >= 1 and written["bytes"] == stick.stat().st_size, written
    read = hd.json("bundle", "read", stick)
    assert read["entries"] == 1, read
    assert hd.json("get", "worker", mine)["job_types"] == "cleaning"
    # Back: what CY is known to have is left out.
    stick = chain.stick()
    hd.run("set", "worker", mine, "education=high")
    written = hd.json("bundle", "write", stick, "--for", "CY-A")
    assert written["entries"] == 2, written
    cy.run("bundle", "read", stick)
    assert cy.json("get", "worker", mine)["education"] == "high"
    assert cy.json("get", "worker", theirs)["job_types"] == "cleaning"
    assert cy.state_hash() == hd.state_hash()


def twice_is_once(chain):
    stick = chain.stick()
    worker(chain.cy, 3)
    chain.cy.run("bundle", "write", stick)
    assert chain.hd.json("bundle", "read", stick)["entries"] > 0
    before = chain.hd.state_hash()
    assert chain.hd.json("bundle", "read", stick)["entries"] == 0
    assert chain.hd.state_hash() == before
    # One's own work comes home on somebody else's stick.
    assert chain.cy.json("bundle", "read", stick)["entries"] == 0


def goes_on_waiting(chain):
    before = waiting(chain.cy)
    assert before > 0
    chain.cy.run("bundle", "write", chain.stick())
    assert waiting(chain.cy) == before


def goes_to_head_office(chain):
    """A third store's stick brings everything to head office; then the link returns and nothing comes twice."""
    stick = chain.stick()
    chain.hd.run("bundle", "write", stick, "--for", "YL-A", "--all")
    read = chain.head.json("bundle", "read", stick)
    assert read["entries"] > 0 and read["keys"] > 0, read
    assert chain.head.state_hash() == chain.hd.state_hash()
    hub = Hub(chain.head, chain.address)
    try:
        for node in (chain.cy, chain.hd, chain.cy):
            assert node.json("sync")["same_state"]
        assert waiting(chain.cy) == 0 and waiting(chain.hd) == 0
    finally:
        hub.stop()
    assert len({node.state_hash() for node in (chain.head, chain.cy, chain.hd)}) == 1


def lacks_the_beginning(chain):
    """A bundle that builds upon what the reader has not got says so, and leaves nothing behind."""
    worker(chain.cy, 4)
    chain.cy.run("bundle", "write", chain.stick(), "--for", "HD-A")
    fresh = chain.folder / "fresh.yuelai"
    shutil.copy(chain.hd.store, fresh)
    first = chain.stick()
    chain.cy.run("bundle", "write", first, "--for", "HD-A")
    chain.hd.run("bundle", "read", first)
    chain.hd.run("set", "worker", worker(chain.hd, 5), "education=high")
    chain.head.run("bundle", "read", first)
    back = chain.stick()
    chain.hd.run("bundle", "write", back, "--for", "CY-A")
    before = chain.head.state_hash()
    chain.cy.run("bundle", "read", back)
    worker(chain.cy, 6)
    second = chain.stick()
    chain.cy.run("bundle", "write", second, "--for", "HD-A")
    done = chain.head.run("bundle", "read", second, check=False)
    assert done.returncode == 1, done
    assert chain.head.state_hash() == before
    chain.head.run("fsck")


def spoilt_ones_are_refused(chain):
    stick = chain.stick()
    worker(chain.cy, 7)
    chain.cy.run("bundle", "write", stick, "--all", "--for", "HD-A")
    good = stick.read_bytes()
    before = chain.hd.state_hash()
    spoilt = [good[:length] for length in (0, 3, 36, 37, 68, 69, len(good) // 2, len(good) - 1)]
    spoilt += [good + b"x", b"YLBD" + good[4:-1] + bytes([good[-1] ^ 1])]
    spoilt += [good[:at] + bytes([good[at] ^ 0x40]) + good[at + 1:] for at in (0, 4, 5, 30, 40, len(good) // 3, len(good) - 5)]
    for i, data in enumerate(spoilt):
        file = chain.folder / f"spoilt{i}.ylb"
        file.write_bytes(data)
        done = chain.hd.run("bundle", "read", file, check=False)
        assert done.returncode in (1, 2) and file.name in done.stderr, (i, done)
        assert done.stderr.count("\n") == 1, done.stderr
    assert chain.hd.state_hash() == before
    chain.hd.run("bundle", "read", stick)


def a_forger_with_a_digest(chain):
    """Whoever changes a segment and mends the digest is found by the signatures."""
    import hashlib
    stick = chain.stick()
    worker(chain.hd, 8)
    chain.hd.run("bundle", "write", stick, "--for", "CY-A")
    body = bytearray(stick.read_bytes()[:-32])
    before = chain.cy.state_hash()
    for at in range(41, len(body), max(1, len(body) // 40)):
        changed = body.copy()
        changed[at] ^= 0x10
        file = chain.folder / "forged.ylb"
        file.write_bytes(changed + hashlib.blake2b(changed, digest_size=32).digest())
        done = chain.cy.run("bundle", "read", file, check=False)
        assert done.returncode != 0 or chain.cy.state_hash() == before, (at, done)
    assert chain.cy.state_hash() == before
    other = body.copy()
    other[5] ^= 1
    (chain.folder / "other.ylb").write_bytes(other + hashlib.blake2b(other, digest_size=32).digest())
    done = chain.cy.run("bundle", "read", chain.folder / "other.ylb", check=False)
    assert done.returncode == 2 and "another company" in done.stderr, done


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        chain = Chain(sys.argv[1], folder)
        for function in (carries_both_ways, twice_is_once, goes_on_waiting, goes_to_head_office, lacks_the_beginning,
                         spoilt_ones_are_refused, a_forger_with_a_digest):
            tap.check(function.__name__.replace("_", " "), function, chain)
    tap.done()


main()
