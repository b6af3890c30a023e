#!/usr/bin/python3
"""A hub on a socket of the file system, behind a proxy, as where a web server stands before it.

    test-socket.py YUELAICTL
"""

import os
import pathlib
import socket
import stat
import sys
import tempfile

from link import Relay
from yuelai import Hub, Node, Tap


class Proxy(Relay):
    """A port on loopback that passes bytes to a socket of the file system."""

    def __init__(self, path):
        self.path = str(path)
        super().__init__([])

    def connect(self):
        hub = socket.socket(socket.AF_UNIX)
        hub.connect(self.path)
        return hub


class Chain:
    def __init__(self, program, folder):
        self.folder = pathlib.Path(folder)
        self.path = self.folder / "hub.socket"
        self.address = f"unix:{self.path}"
        self.proxy = Proxy(self.path)
        self.head = Node(program, self.folder / "head.yuelai")
        self.store = Node(program, self.folder / "store.yuelai")
        self.head.run("init", "--company", "试", "--code", "YL", "--hub", self.proxy.url)
        self.head.run("site", "add", "CY", "朝阳店", "--lat", "39.9", "--lon", "116.4")
        self.hub = Hub(self.head, self.address)


def serves(chain):
    assert chain.hub.url == chain.address
    assert stat.S_ISSOCK(chain.path.stat().st_mode)
    chain.store.run("join", chain.head.word("invite", "CY", "--approved"))
    chain.store.run("add", "worker", "name=王芳", "job_types=cleaning")
    assert chain.store.json("sync")["sent"] == 1
    assert chain.store.state_hash() == chain.head.state_hash()


def only_one(chain):
    done = chain.head.run("hub", "--listen", chain.address, check=False)
    assert done.returncode == 1 and str(chain.path) in done.stderr and done.stderr.count("\n") == 1, done
    assert chain.store.json("sync")["same_state"]


def after_a_crash(chain):
    """What a killed hub left behind does not keep the next one out; what one that ended left is nothing."""
    chain.hub.kill()
    assert chain.path.exists()
    chain.hub = Hub(chain.head, chain.address)
    assert chain.store.json("sync")["same_state"]
    chain.hub.stop()
    assert not chain.path.exists()


def not_over_a_file(chain):
    chain.path.write_text("mine")
    done = chain.head.run("hub", "--listen", chain.address, check=False)
    assert done.returncode == 1 and chain.path.read_text() == "mine", done


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yl-") as folder:
        chain = Chain(os.path.abspath(sys.argv[1]), folder)
        try:
            for function in (serves, only_one, after_a_crash, not_over_a_file):
                tap.check(function.__name__.replace("_", " "), function, chain)
        finally:
            chain.hub.kill()
            chain.proxy.close()
    tap.done()


if __name__ == "__main__":
    main()
