#!/usr/bin/python3
"""The second implementation (log_reader.py) against the program: a real log verifies and folds to the same state hash, and what was
tampered with is refused."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from log_reader import Fault, Log, fold, git  # noqa: E402
from yuelai import Hub, Node, Tap  # noqa: E402

PROGRAM, NEWER, FORMATS = sys.argv[1:4]


class Chain:
    """Head office, two stores of the shipped program and one of a later version; a day's work, some of it apart."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.address = f"127.0.0.1:{20000 + os.getpid() % 12000}"
        self.head = Node(PROGRAM, self.folder / "head.yuelai")
        self.head.run("init", "--company", "试", "--code", "YL", "--hub", f"http://{self.address}")
        for code in ("CY", "HD", "XC"):
            self.head.run("site", "add", code, code, "--lat", "39.9", "--lon", "116.4")
        self.hub = Hub(self.head, self.address)
        self.stores = [self.join(code, program) for code, program in (("CY", PROGRAM), ("HD", PROGRAM), ("XC", NEWER))]

    def join(self, code, program):
        node = Node(program, self.folder / f"{code}.yuelai")
        node.run("join", self.head.word("invite", code, "--approved"))
        return node

    def sync(self):
        for node in (*self.stores, *self.stores):
            node.run("sync")

    def work(self):
        cy, hd, xc = self.stores
        person = cy.json("add", "worker", "name=王芳", "phone=13800138000", "job_types=cleaning,hourly", "service_mode=hourly",
                         "skills=infant:3")["id"]
        gone = cy.json("add", "worker", "name=李秀", "phone=13800138001", "job_types=cleaning", "service_mode=hourly")["id"]
        customer = hd.json("add", "customer", "name=赵太太", "phone=13900000001")["id"]
        orders = [node.json("add", "order", f"customer={customer}", "service_type=cleaning", "start=2031-03-03T09:00",
                            "minutes=180")["id"] for node in (hd,)]
        self.sync()
        # The same hour promised twice, one field written twice, a record removed here and edited there.
        orders.append(cy.json("add", "order", f"customer={customer}", "service_type=cleaning", "start=2031-03-03T10:00",
                              "minutes=120")["id"])
        cy.run("book", orders[1], person, "--force", "--reason", "test")
        hd.run("book", orders[0], person, "--force", "--reason", "test")
        cy.run("set", "worker", person, "education=high")
        hd.run("set", "worker", person, "education=primary")
        xc.run("set", "worker", person, "education=college", "nickname=小王")
        cy.run("remove", "worker", gone)
        hd.run("set", "worker", gone, "experience_years=7")
        xc.run("add", "gift", f"customer={customer}", "item=茶叶", "wish=中秋快乐")
        cy.run("set", "worker", person, "skills=infant:2,newborn:1")
        self.sync()
        self.head.run("set", "worker", person, "experience_years=12")
        self.sync()
        self.put_back(hd)

    def put_back(self, node):
        """Yesterday's copy of a store file in its place: the PC goes on with a new pen."""
        backup = self.folder / "backup"
        shutil.copy(node.store, backup)
        node.run("add", "household", "district=110105")
        node.run("sync")
        for ending in ("", "-wal", "-shm"):
            pathlib.Path(node.store + ending).unlink(missing_ok=True)
        shutil.copy(backup, node.store)
        node.run("add", "household", "district=110108")
        self.sync()

    def export(self, name):
        folder = self.folder / name
        self.head.run("log", "export", folder)
        return folder


def read(folder):
    log = Log(folder, FORMATS)
    log.read()
    return log


def same_hash(chain):
    log = read(chain.export("plain.git"))
    hashes = {node.state_hash() for node in (chain.head, *chain.stores)}
    assert len(hashes) == 1, hashes
    assert fold(log).hash() == hashes.pop()
    assert len(log.entries) > 20 and 0 < log.n_signed <= len(log.entries)
    assert sum(len(entry.merged) > 0 for entry in log.entries) > 3
    assert len(log.pens) == 1, log.pens
    assert not any(entry.refused for entry in log.entries), [entry.refused for entry in log.entries if entry.refused]


def refusals_are_the_same(chain):
    """A staff member who was let go writes on, not having heard of it."""
    cy = chain.stores[0]
    staff = chain.head.json("list", "staff", "--where", "code=CY01")[0]["id"]
    chain.head.run("set", "staff", staff, "active=false")
    cy.run("add", "household", "district=110105")
    chain.sync()
    log = read(chain.export("refused.git"))
    assert fold(log).hash() == chain.head.state_hash() == cy.state_hash()


def revocations_are_the_same(chain):
    """A PC that is shut out writes on; its work is kept and does not count."""
    hd = chain.stores[1]
    chain.head.run("node", "revoke", "HD-A")
    before = chain.head.state_hash()
    hd.run("add", "household", "district=110106")
    hd.run("sync", check=False)
    log = read(chain.export("revoked.git"))
    assert any(entry.refused == "shut out" for entry in log.entries)
    assert fold(log).hash() == chain.head.state_hash()
    assert chain.head.json("review", "list", exits=(0, 3)), before


def rewrite(folder, oid, old, new):
    """The same commit with other bytes, and every ref that named it moved."""
    data = git(folder, "cat-file", "commit", oid)
    assert old in data, (old, data)
    fresh = git(folder, "hash-object", "-t", "commit", "-w", "--stdin", data=data.replace(old, new, 1)).decode().strip()
    for line in git(folder, "for-each-ref", "--format=%(refname) %(objectname)").decode().splitlines():
        name, target = line.split()
        if target == oid:
            git(folder, "update-ref", name, fresh)


def tampered(chain, name, change):
    folder = chain.folder / f"{name}.git"
    shutil.copytree(chain.folder / "plain.git", folder)
    change(folder)
    try:
        read(folder)
    except (Fault, KeyError, subprocess.CalledProcessError):
        return
    raise AssertionError("nothing was noticed")


def a_head(folder):
    """A writer's last commit, and that writer."""
    ref, oid = git(folder, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads").decode().split()[-2:]
    return ref, oid


def change_message(folder):
    _, oid = a_head(folder)
    data = git(folder, "cat-file", "commit", oid)
    value = re.search(rb'"schema":\d', data).group()
    rewrite(folder, oid, value, value[:-1] + b"0")


def change_time(folder):
    _, oid = a_head(folder)
    data = git(folder, "cat-file", "commit", oid)
    seconds = re.search(rb"> (\d{10}) \+0000", data).group(1)
    rewrite(folder, oid, seconds, b"1700000000")


def change_signature(folder):
    _, oid = a_head(folder)
    data = git(folder, "cat-file", "commit", oid)
    line = data.split(b"\n ")[4]
    rewrite(folder, oid, line, line[::-1])


def authority_branch(folder):
    """The others have merged what the authority wrote last, so that a log without it does not hold; a last word nobody has heard
    can be left out of a log and nothing in it shows that."""
    return git(folder, "symbolic-ref", "HEAD").decode().strip()


def cut_branch(folder):
    branch = authority_branch(folder)
    git(folder, "update-ref", branch, f"{branch}~1")


def remove_branch(folder):
    git(folder, "update-ref", "-d", authority_branch(folder))


def swap_keys(folder):
    file = folder / "allowed_signers"
    lines = [line.split() for line in file.read_text().splitlines()]
    lines[0][3], lines[1][3] = lines[1][3], lines[0][3]
    file.write_text("".join(" ".join(line) + "\n" for line in lines))


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        chain = Chain(folder)
        try:
            chain.work()
            tap.check("the same state hash", same_hash, chain)
            tap.check("the same refusals", refusals_are_the_same, chain)
            tap.check("the same revocations", revocations_are_the_same, chain)
            for change in (change_message, change_time, change_signature, cut_branch, remove_branch, swap_keys):
                tap.check(f"noticed: {change.__name__}", tampered, chain, change.__name__, change)
        finally:
            chain.hub.kill()
    tap.done()


main()
