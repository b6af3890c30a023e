#!/usr/bin/python3
"""Tells the main job in the terminal, with real processes on copies of the demo chain: promise, cut, promise on, come
back, agree. What it says it also checks, so ./check tells it too.

    tell-story.py YUELAICTL [DEMO]      without DEMO on a chain of its own
"""

import datetime
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from yuelai import Hub, Node

HEAD_OFFICE = "head-office.yuelai"
COMPANY_TIME = datetime.timezone(datetime.timedelta(hours=8))
BOLD, DIM, PLAIN = ("\033[1m", "\033[2m", "\033[0m") if sys.stdout.isatty() else ("", "", "")
IN_CHINESE = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "").startswith("zh")


def words(zh, en):
    return zh if IN_CHINESE else en


def chapter(zh, en):
    print(f"\n{BOLD}{words(zh, en)}{PLAIN}")


def say(zh, en):
    print(words(zh, en), flush=True)


class Desk(Node):
    """A node whose commands are shown as people would type them."""

    def __init__(self, program, store):
        super().__init__(program, store)
        status = self.json("status", exits=(0, 3))
        site = self.json("get", "site", status["site"])
        self.code = site["code"]
        self.name = words("总部", "Head office") if site["kind"] == "head_office" else site["name"]

    def show(self, *arguments, exits=(0,)):
        """Runs a command in the person's own language and shows it with its answer. Returns the last word."""
        print(f"{DIM}{self.name} $ yuelaictl {' '.join(map(str, arguments))}{PLAIN}", flush=True)
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, check=False)
        for line in (done.stdout + done.stderr).splitlines():
            print(f"    {line}")
        assert done.returncode in exits, f"exit {done.returncode}"
        return (done.stdout.split() or [""])[-1]

    def customer(self):
        return self.json("list", "customer", "--where", f"site={self.code}", "--limit", "1")[0]

    def take_demand(self, start, household=None):
        """A customer of this store calls and wants cleaning, at home or in @household. Returns the order's number."""
        customer = self.customer()
        place = self.json("get", "household", household or customer["household"])
        say(f"{self.name}:客户 {customer['customer_no']} 来电,{start:%m月%d日 %H:%M} 要 3 小时保洁,"
            f"在{place['community']}。",
            f"{self.name}: customer {customer['customer_no']} calls: cleaning on {start:%d %B %H:%M}, 3 hours, "
            f"in {place['community']}.")
        order = self.word("add", "order", f"customer={customer['id']}", f"household={place['id']}",
                          "service_type=cleaning", f"start={start:%Y-%m-%dT%H:%M}", "minutes=180")
        return self.json("get", "order", order)["order_no"]

    def state(self, order):
        return self.json("get", "order", order)["state"]


class Story:
    def __init__(self, program, directory):
        stores = sorted(path for path in directory.glob("*.yuelai") if path.name != HEAD_OFFICE)
        self.head = Desk(program, directory / HEAD_OFFICE)
        self.near, self.far = (Desk(program, path) for path in stores[:2])
        self.hub = None
        day = datetime.datetime.now(COMPANY_TIME) + datetime.timedelta(days=1)
        self.start = day.replace(hour=9, minute=0, second=0, microsecond=0)

    def close(self):
        if self.hub is not None:
            self.hub.kill()

    def link_up(self):
        self.hub = Hub(self.head, "127.0.0.1:0")

    def link_down(self):
        self.hub.stop()

    def sync(self):
        """Twice: the first store may be waiting for what the second one brings."""
        for _ in range(2):
            for desk in (self.near, self.far):
                desk.run("sync", "--peer", self.hub.url)

    def hours(self, days):
        """The visit of the order taken for @days later, as `book` wants it."""
        start = self.start + datetime.timedelta(days=days)
        return f"{start:%Y-%m-%dT%H:%M}", f"{start + datetime.timedelta(hours=3):%Y-%m-%dT%H:%M}"

    def same_state(self):
        hashes = [desk.show("state-hash") for desk in (self.head, self.near, self.far)]
        assert len(set(hashes)) == 1, hashes

    # The chapters, in order.

    def promise(self):
        chapter("一、来电、匹配、约定", "1. Demand, match, promise")
        self.link_up()
        order = self.near.take_demand(self.start)
        self.near.show("match", order, "--limit", "3")
        found = self.near.json("match", order, "--limit", "1")["candidates"][0]
        self.near.show("book", order, found["worker_no"], *self.hours(0))
        self.sync()
        assert self.far.state(order) == "proposed"
        say(f"已约定,{self.far.name}那边也看到了。", f"Promised, and {self.far.name} sees it too.")

    def cut(self):
        chapter("二、断网", "2. The link is cut")
        self.link_down()
        self.near.show("sync", "--peer", self.hub.url, exits=(4,))

    def promise_apart(self):
        chapter("三、断网时照样匹配、照样约定", "3. Both stores match and promise on")
        start = self.start + datetime.timedelta(days=1)
        self.kept = self.near.take_demand(start)
        worker = self.near.json("match", self.kept, "--limit", "1")["candidates"][0]["worker_no"]
        self.near.show("book", self.kept, worker, *self.hours(1))
        self.lost = self.far.take_demand(start, self.near.customer()["household"])
        say(f"{self.far.name}不知道 {worker} 已被约走,也约了她:",
            f"{self.far.name} cannot know that {worker} is taken, and promises her too:")
        self.far.show("book", self.lost, worker, *self.hours(1))
        say(f"总部和{self.near.name}还各自改了她的期望薪资:",
            f"Head office and {self.near.name} both change her expected wage:")
        self.head.show("set", "worker", worker, "expected_wage=560000", "wage_unit=month")
        self.near.show("set", "worker", worker, "expected_wage=520000", "wage_unit=month")

    def come_back(self):
        chapter("四、网络回来", "4. The link comes back")
        self.link_up()
        self.sync()
        say("三份数据,同一个校验值:", "Three copies, one hash:")
        self.same_state()
        say("两个人分头改过的,两个说法都在,等人核对:",
            "What two people changed apart is kept with both values, for a person to decide:")
        self.head.show("conflicts", exits=(0, 3))

    def substitute(self):
        chapter("五、让位的订单回到匹配,换人", "5. The overruled order is back in matching: a substitute")
        order = self.far.json("get", "order", self.lost)
        assert (order["state"], order["cause"]) == ("matching", "overruled"), order
        assert self.near.state(self.kept) == "proposed"
        say(f"{self.near.name}的约定成立;{self.far.name}的订单 {self.lost} 让位,已回到匹配。",
            f"{self.near.name}'s promise stands; {self.far.name}'s order {self.lost} was overruled "
            "and is back in matching.")
        self.far.show("match", self.lost, "--limit", "3")
        found = self.far.json("match", self.lost, "--limit", "1")["candidates"][0]
        self.far.show("book", self.lost, found["worker_no"], *self.hours(1))
        self.sync()
        self.same_state()

    def tell(self):
        self.promise()
        self.cut()
        self.promise_apart()
        self.come_back()
        self.substitute()
        self.hub.stop()


def copy_chain(program, demo, directory):
    if demo is None:
        demo = directory / "demo"
        subprocess.run([program, "demo", "--dir", demo], check=True, stdout=subprocess.DEVNULL)
    for path in pathlib.Path(demo).glob("*.yuelai"):
        shutil.copy(path, directory)


def main(program, demo=None):
    with tempfile.TemporaryDirectory(prefix="yuelai-story-") as name:
        directory = pathlib.Path(name)
        copy_chain(program, demo, directory)
        story = Story(program, directory)
        try:
            story.tell()
        finally:
            story.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
