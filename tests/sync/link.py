"""Links that can be cut, between a hub and stores: network namespaces where they are permitted, else a relay on loopback."""

import os
import random
import selectors
import socket
import subprocess
import threading

PORT = 8470


def free_port():
    """From below the range that the kernel hands out, so that nobody takes it while the hub is down."""
    while True:
        port = random.randrange(20000, 32000)
        try:
            socket.create_server(("127.0.0.1", port)).close()
            return port
        except OSError:
            continue


class Namespaces:
    """A namespace for the hub and one for every store, each joined to the hub's by its own pair of interfaces."""

    @staticmethod
    def permitted():
        name = f"yl{os.getpid()}t"
        try:
            made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
        except FileNotFoundError:
            return False
        if made.returncode != 0:
            return False
        works = subprocess.run(["ip", "netns", "exec", name, "ip", "link", "add", "one0", "type", "veth", "peer", "name", "two0"],
                               capture_output=True, check=False)
        subprocess.run(["ip", "netns", "del", name], check=True)
        return works.returncode == 0

    def __init__(self, stores):
        self.base = f"yl{os.getpid()}"
        self.made = []
        self.hub = f"{self.base}h"
        self.address = "10.91.0.1"
        self.url = f"https://{self.address}:{PORT}"  # as in a LAN
        self.listen = f"{self.address}:{PORT}"
        self.links = {}
        self._add(self.hub)
        self._run("-n", self.hub, "addr", "add", f"{self.address}/32", "dev", "lo")
        for number, store in enumerate(stores, 1):
            self._connect(store, number)

    @staticmethod
    def _run(*arguments):
        subprocess.run(["ip", *arguments], check=True, capture_output=True)

    def _add(self, name):
        self._run("netns", "add", name)
        self.made.append(name)
        self._run("-n", name, "link", "set", "lo", "up")

    def _connect(self, store, number):
        name, ours, theirs = f"{self.base}s{number}", f"h{number}", f"s{number}"
        self._add(name)
        self.links[store] = (name, theirs)
        self._run("link", "add", ours, "netns", self.hub, "type", "veth", "peer", "name", theirs, "netns", name)
        self._run("-n", self.hub, "addr", "add", f"10.91.{number}.1/24", "dev", ours)
        self._run("-n", name, "addr", "add", f"10.91.{number}.2/24", "dev", theirs)
        self._run("-n", self.hub, "link", "set", ours, "up")
        self._up(store)

    def _up(self, store):
        name, interface = self.links[store]
        self._run("-n", name, "link", "set", interface, "up")
        self._run("-n", name, "route", "replace", "default", "via", f"10.91.{interface[1:]}.1")

    def prefix(self, store):
        return ["ip", "netns", "exec", self.links[store][0] if store in self.links else self.hub]

    def cut(self, store):
        name, interface = self.links[store]
        self._run("-n", name, "link", "set", interface, "down")

    def restore(self, store):
        self._up(store)

    def close(self):
        for name in self.made:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


class Relay:
    """A port on loopback that passes bytes to the hub's, until it is cut. Stores share it, as they share the hub's address."""

    def __init__(self, stores):
        self.stores = set(stores)
        self.cut_stores = set()
        self.server = None
        self.wires = []
        self.port, self.hub_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.listen = f"127.0.0.1:{self.hub_port}"
        self._open()

    def prefix(self, store):
        return []

    def _open(self):
        self.server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.server,), daemon=True).start()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.hub_port))

    def _accept(self, server):
        while True:
            try:
                store, _ = server.accept()
            except OSError:
                return
            try:
                hub = self.connect()
            except OSError:
                store.close()  # the hub is down; the relay stays
                continue
            self.wires += [store, hub]
            threading.Thread(target=self._pass, args=(store, hub), daemon=True).start()

    @staticmethod
    def _pass(one, other):
        with selectors.DefaultSelector() as selector, one, other:
            selector.register(one, selectors.EVENT_READ, other)
            selector.register(other, selectors.EVENT_READ, one)
            try:
                while True:
                    for key, _ in selector.select():
                        data = key.fileobj.recv(65536)
                        if not data:
                            return
                        key.data.sendall(data)
            except OSError:
                return

    def cut(self, store):
        self.cut_stores.add(store)
        if self.server is None:
            return
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.server = None
        for wire in self.wires:
            try:
                wire.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.wires = []

    def restore(self, store):
        """Open again once no store is cut any more."""
        self.cut_stores.discard(store)
        if not self.cut_stores:
            self._open()

    def close(self):
        if self.server is not None:
            self.cut(None)
