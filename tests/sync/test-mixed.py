#!/usr/bin/python3
"""The shipped program and a later one in one chain: nothing of the later one's is lost, and it comes alive after the update."""

import os
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from yuelai import Hub, Node, Tap  # noqa: E402

PORT = 20000 + os.getpid() % 12000


class Chain:
    """Head office and two stores; @programs of each."""

    def __init__(self, folder, port, head, *stores):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.address = f"127.0.0.1:{port}"
        self.head = Node(head, self.folder / "head.yuelai")
        self.head.run("init", "--company", "试", "--code", "YL", "--hub", f"http://{self.address}")
        self.hub = None
        self.stores = []
        for code in ("CY", "HD", "XC")[:len(stores)]:
            self.head.run("site", "add", code, code, "--lat", "39.9", "--lon", "116.4")
        self.start()
        for code, program in zip(("CY", "HD", "XC"), stores):
            node = Node(program, self.folder / f"{code}.yuelai")
            node.run("join", self.head.word("invite", code, "--approved"))
            self.stores.append(node)

    def start(self):
        self.hub = Hub(self.head, self.address)

    def sync(self, *nodes):
        for node in nodes or (*self.stores, *self.stores):
            node.run("sync")

    def equal(self):
        hashes = {node.state_hash() for node in (self.head, *self.stores)}
        assert len(hashes) == 1, hashes
        return hashes.pop()

    def update(self, node, program):
        """The program of a PC is replaced; opening the file brings it up to date."""
        node.program = program
        node.run("status", check=False)


def worker(number, **more):
    return ["add", "worker", f"name=王{number}", f"phone=1380000{number:04d}", "job_types=cleaning", "service_mode=hourly",
            *(f"{name}={value}" for name, value in more.items())]


def get(node, table, record):
    return node.json("get", table, record)


def find(node, table, **where):
    conditions = [part for name, value in where.items() for part in ("--where", f"{name}={value}")]
    return node.json("list", table, *conditions)


def new_things_pass_through(old, new, folder):
    """Hub and one store are older: what two newer stores say to each other passes through whole."""
    chain = Chain(folder, PORT, old, old, new, new)
    try:
        cy, hd, xc = chain.stores
        hd.run(*worker(1, nickname="小王", shoe_size="38"))
        person = find(hd, "worker")[0]["id"]
        customer = hd.json("add", "customer", "name=李太太", "phone=13900000001")["id"]
        gift = hd.json("add", "gift", f"customer={customer}", "item=茶叶", "wish=中秋快乐")["id"]
        chain.sync()
        before = chain.equal()
        assert get(xc, "worker", person)["nickname"] == "小王"
        assert find(xc, "gift")[0]["item"] == "茶叶"
        assert "nickname" not in get(cy, "worker", person)

        # The older store edits around what it does not know, and two newer ones clash in it, through the older hub.
        cy.run("set", "worker", person, "education=high")
        hd.run("set", "worker", person, "nickname=大王")
        xc.run("set", "worker", person, "nickname=老王")
        xc.run("remove", "gift", gift)
        hd.run("set", "gift", gift, "item=月饼")
        chain.sync()
        assert chain.equal() != before
        for node in (hd, xc):
            clashes = node.json("conflicts", exits=(0, 3))
            assert any("nickname" in str(clash) for clash in clashes), clashes
            assert get(node, "worker", person)["education"] == "high"
            assert find(node, "gift")[0]["item"] == "月饼"
        update_brings_it_alive(chain, new, person)
    finally:
        chain.hub.kill()


def update_brings_it_alive(chain, new, person):
    cy, hd, _ = chain.stores
    before = cy.state_hash()
    chain.update(cy, new)
    assert cy.state_hash() == before, "an update changes no state"
    assert get(cy, "worker", person)["nickname"] == get(hd, "worker", person)["nickname"]
    assert find(cy, "gift")[0]["item"] == "月饼"
    assert any("nickname" in str(clash) for clash in cy.json("conflicts", exits=(0, 3)))
    cy.run("fsck")
    cy.run("rebuild")
    assert cy.state_hash() == before
    # It writes them too, and the hub, still older, passes them on.
    cy.run("set", "gift", find(cy, "gift")[0]["id"], "item=红枣")
    chain.sync()
    chain.equal()
    assert find(hd, "gift")[0]["item"] == "红枣"
    # Last the hub: sealed words of a table that it did not know can now be read there.
    chain.hub.stop()
    chain.update(chain.head, new)
    chain.start()
    chain.sync()
    chain.equal()
    assert find(chain.head, "gift")[0]["wish"] == "中秋快乐"
    chain.head.run("fsck")


def old_stores_under_a_new_hub(old, new, folder):
    """Head office updates first, as it should: its older stores go on, and lose nothing of what they do not know."""
    chain = Chain(folder, PORT + 1, new, old, old)
    try:
        cy, hd = chain.stores
        cy.run(*worker(1))
        chain.sync()
        person = find(chain.head, "worker")[0]["id"]
        chain.head.run("set", "worker", person, "nickname=小王")
        hd.run("set", "worker", person, "education=primary")
        chain.sync()
        before = chain.equal()
        record = get(chain.head, "worker", person)
        assert (record["nickname"], record["education"]) == ("小王", "primary"), record
        hd.run("remove", "worker", person)
        chain.sync()
        assert chain.equal() != before
        assert find(chain.head, "worker") == []
        for node in chain.stores:
            chain.update(node, new)
            node.run("fsck")
        chain.equal()
    finally:
        chain.hub.kill()


def there_is_no_way_back(old, new, folder):
    """An older program does not touch a newer file."""
    chain = Chain(folder, PORT + 2, new)
    chain.hub.kill()
    copy = chain.folder / "copy.yuelai"
    shutil.copy(chain.head.store, copy)
    done = Node(old, copy).run("status", check=False)
    assert done.returncode == 1 and "newer" in done.stderr, done
    chain.head.run("fsck")


def main():
    old, new = sys.argv[1:3]
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        for name, function in (("an older hub and store among newer ones", new_things_pass_through),
                               ("older stores under a newer hub", old_stores_under_a_new_hub),
                               ("an older program and a newer file", there_is_no_way_back)):
            tap.check(name, function, old, new, pathlib.Path(folder) / function.__name__)
    tap.done()


main()
