#!/usr/bin/python3
"""What yuelaictl prints: plain lines, JSON documents, exit codes of things that go right.

    test-ctl.py YUELAICTL SOURCE_ROOT
"""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

from yuelai import TIMEOUT, Hub, Node, Tap, environment

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")


class Checks:
    """Each `test_` method is one case; they share one company and run in order."""

    def __init__(self, program, root, directory):
        self.program = program
        self.root = pathlib.Path(root)
        self.directory = pathlib.Path(directory)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.hq = Node(program, self.directory / "hq.yuelai")
        self.cy = Node(program, self.directory / "cy.yuelai")

    def bare(self, *arguments, **more):
        return subprocess.run([self.program, *arguments], env=environment(**more), capture_output=True, text=True,
                              timeout=TIMEOUT)

    # What is said about the commands.

    def commands(self):
        return [line["command"] for line in json.loads(self.bare("--json", "help").stdout)]

    def test_help_knows_every_command(self):
        listed = self.bare("help").stdout
        for command in self.commands():
            assert f"\n  {command} " in listed, command
            lines = self.bare("help", *command.split()).stdout.splitlines()
            assert lines[0].startswith("  ") and command in lines[0], f"{command}: no example first: {lines}"
            assert self.bare(*command.split(), "--help").stdout.splitlines() == lines

    def test_manual_and_completion_know_every_command(self):
        manual = (self.root / "data/man/yuelaictl.1").read_text(encoding="utf-8")
        completion = self.root / "data/completions/yuelaictl"
        script = f"source {completion}; COMP_WORDS=(yuelaictl ''); COMP_CWORD=1; _yuelaictl; echo ${{COMPREPLY[*]}}"
        offered = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout.split()
        for line in json.loads(self.bare("--json", "help").stdout):
            assert re.search(rf"^\.It Cm {line['command']}( |$)", manual, re.MULTILINE), line
            assert line["command"].split()[0] in offered, line
            for option in re.findall(r"--([a-z-]+)", line["usage"]):
                assert f"Fl -{option}" in manual, option
                assert f"--{option}" in completion.read_text(encoding="utf-8"), option

    def test_version(self):
        assert re.match(r"^yuelaictl \d+\.\d+", self.bare("--version").stdout)

    # A company.

    def test_init_and_sites(self):
        done = self.hq.run("init", "--company", "悦来家政", "--code", "YL", "--hub", f"http://{self.address}")
        assert len(done.stdout.splitlines()) == 1
        assert UUID.match(self.hq.word("site", "add", "CY", "朝阳店", "--lat", "39.908", "--lon", "116.397"))
        site = self.hq.json("get", "site", "CY")
        assert (site["name"], site["lat"], site["lon"]) == ("朝阳店", 39.908, 116.397), site
        assert '"lat": 39.908,' in self.hq.run("--json", "get", "site", "CY").stdout

    def test_join_waits_for_a_person(self):
        hub = Hub(self.hq, self.address)
        try:
            assert hub.url == f"http://{self.address}"
            joining = self.cy.start("join", self.hq.word("invite", "CY"))
            digits = re.search(r"\b(\d{6})\b", joining.stderr.readline()).group(1)
            waiting = self.hq.run("status", check=False)
            assert waiting.returncode == 3 and digits in waiting.stdout, waiting
            self.hq.run("approve", digits)
            output, errors = joining.communicate(timeout=TIMEOUT)
            assert joining.returncode == 0 and output.startswith("joined CY"), errors
            assert self.hq.run("status").returncode == 0
            assert self.cy.json("sync")["same_state"] is True
        finally:
            hub.stop()

    def test_store_is_named_before_after_or_by_environment(self):
        first = self.cy.state_hash()
        assert re.match(r"^[0-9a-f]{64}$", first)
        for done in (self.bare("state-hash", "--store", self.cy.store), self.bare(f"--store={self.cy.store}", "state-hash"),
                     self.bare("state-hash", YUELAI_STORE=self.cy.store)):
            assert done.stdout == f"{first}\n", done

    # Records.

    def test_record_goes_round(self):
        self.worker = self.cy.word("add", "worker", "name=王秀英", "phone=13800138000", "job_types=保洁,childcare_day",
                                   "service_mode=hourly", "skills=infant:3,newborn:2", "expected_wage=5000", "wage_unit=hour",
                                   "lat=39.93", "lon=116.45", "health_expires=2027-01-31", "note=第一行\n第二行 \"引\"")
        assert UUID.match(self.worker), self.worker
        worker = self.cy.json("get", "worker", self.worker)
        site = self.cy.json("get", "site", "CY")["id"]
        expected = {"id": self.worker, "worker_no": "CYA0001", "site": site, "home_store": site, "name": "王秀英",
                    "phone": "13800138000", "job_types": "childcare_day,cleaning", "service_mode": "hourly",
                    "skills": "infant:3,newborn:2", "expected_wage": 5000, "wage_unit": "hour", "lat": 39.93, "lon": 116.45,
                    "health_expires": "2027-01-31", "note": "第一行\n第二行 \"引\"", "id_no": None, "languages": ""}
        assert {name: worker[name] for name in expected} == expected, worker
        assert self.cy.json("get", "worker", "CYA0001") == worker
        plain = self.cy.run("get", "worker", "CYA0001").stdout
        assert "home_store: CY\n" in plain and "skills: infant:3,newborn:2\n" in plain, plain

    def test_set_changes_only_what_it_names(self):
        before = self.cy.json("get", "worker", self.worker)
        assert self.cy.json("set", "worker", "CYA0001", "skills=newborn:2", "max_travel=40", "note=") == {
            "table": "worker", "id": self.worker, "number": "CYA0001"}
        after = self.cy.json("get", "worker", self.worker)
        assert after == {**before, "skills": "newborn:2", "max_travel": 40, "note": None}, after

    def test_set_to_the_same_writes_nothing(self):
        count = len(self.cy.json("log"))
        self.cy.run("set", "worker", self.worker, "max_travel=40")
        assert len(self.cy.json("log")) == count

    def test_orders_take_conveniences(self):
        customer = self.cy.word("add", "customer", "name=李女士", "phone=13900139001")
        self.order = self.cy.word("add", "order", f"customer={customer}", "service_type=保洁", "start=2026-12-01T09:00",
                                  "minutes=180")
        order = self.cy.json("get", "order", self.order)
        expected = {"schedule": "one_off", "start": "2026-12-01T09:00:00+08:00", "minutes": 180, "service_type": "cleaning",
                    "customer": customer, "headcount": 1, "state": "matching", "cause": "new"}
        assert {name: order[name] for name in expected} == expected, order
        self.cy.run("set", "order", self.order, "start=2026-12-01T01:00Z")
        assert self.cy.json("get", "order", self.order) == order
        self.recurring = self.cy.word("add", "order", f"customer={customer}", "service_type=cleaning", "weekdays=mo,th",
                                      "start_time=540", "minutes=120", "from_date=2026-12-07", "until_date=2026-12-20")
        assert self.cy.json("get", "order", self.recurring)["schedule"] == "recurring"

    def test_list_asks_and_limits(self):
        for number in range(3):
            self.cy.run("add", "worker", f"name=阿姨{number}", "job_types=childcare_day")
        everybody = self.cy.json("list", "worker")
        assert [worker["id"] for worker in everybody] == sorted(worker["id"] for worker in everybody)
        assert len(everybody) == 4 and everybody[0] == self.cy.json("get", "worker", self.worker)
        assert self.cy.json("list", "worker", "--limit", "2") == everybody[:2]
        assert self.cy.json("list", "worker", "--where", "job_types=cleaning") == everybody[:1]
        assert self.cy.json("list", "worker", "--where", "phone=13800138000") == everybody[:1]
        assert self.cy.json("list", "worker", "--where", "job_types=childcare_day", "--where", "name=阿姨1") == everybody[2:3]
        assert self.cy.json("list", "worker", "--where", "home_store=CY", "--where", "worker_no=CYA0001") == everybody[:1]
        assert self.cy.json("list", "order", "--where", "state=cancelled") == []
        assert len(self.cy.json("list", "order", "--where", "state=matching", "--where", "cause=new")) == 2
        lines = self.cy.run("list", "worker").stdout.splitlines()
        assert len(lines) == 4 and lines[0].startswith(f"{self.worker}\tworker_no=CYA0001\t"), lines

    def test_remove(self):
        leave = self.cy.word("add", "availability", f"worker={self.worker}", "start=2026-12-24T00:00", "end=2026-12-26T00:00",
                             "state=leave")
        self.cy.run("remove", "availability", leave)
        assert self.cy.run("get", "availability", leave, check=False).returncode == 1
        lives = [change["after"] for entry in self.cy.json("log", "availability", leave) for change in entry["changes"]
                 if change["field"] == ""]
        assert lives == [True, False], lives

    def test_actor(self):
        self.hq.run("add", "staff", "code=YL02", "site=YL", "role=manager")
        self.hq.run("--as", "YL02", "add", "worker", "name=总部阿姨")
        assert self.hq.json("log")[-1]["actor"] == "YL02"

    # Matching and promising.

    def test_match(self):
        result = self.cy.json("match", self.order, "--limit", "3")
        assert set(result) == {"order", "stage", "funnel", "candidates"}, result
        assert result["order"] == self.order
        assert all({"rule", "in", "out"} <= set(step) for step in result["funnel"]) and result["funnel"]
        (found,) = result["candidates"]
        assert set(found) == {"worker", "worker_no", "stage", "score", "parts", "reasons"}, found
        assert (found["worker"], found["worker_no"], found["stage"]) == (self.worker, "CYA0001", "own")
        assert found["score"] == sum(part["points"] for part in found["parts"])
        assert "CYA0001" in self.cy.run("match", self.order).stdout

    def test_book(self):
        line = self.cy.run("book", self.order, "CYA0001", "2026-12-01T09:00", "2026-12-01T12:00").stdout
        assert len(line.splitlines()) == 1, line
        self.claim = line.split()[-1]
        booking = self.cy.json("get", "booking", self.claim)
        assert (booking["order"], booking["worker"], booking["state"]) == (self.order, self.worker, "confirmed"), booking
        assert self.cy.json("get", "order", self.order)["state"] == "proposed"

    def test_book_every_visit(self):
        made = self.cy.json("book", self.recurring, self.worker)["bookings"]
        assert [booking["start"] for booking in made] == [f"2026-12-{day}T09:00:00+08:00" for day in ("07", "10", "14", "17")], made

    def test_force_is_kept(self):
        order = self.cy.word("add", "order", "service_type=elder_care", "start=2026-12-03T09:00", "minutes=60")
        refused = self.cy.run("book", order, self.worker, "2026-12-03T09:00", "2026-12-03T10:00", check=False)
        assert refused.returncode == 5 and "--force" in refused.stderr, refused
        claim = self.cy.word("book", order, self.worker, "2026-12-03T09:00", "2026-12-03T10:00", "--force", "--reason",
                             "客户认识她")
        claim = self.cy.json("get", "claim", claim)
        assert claim["forced"] and claim["reason"] == "客户认识她", claim

    def test_dropout(self):
        result = self.cy.json("dropout", self.claim, "--reason", "她病了")
        assert (result["order"], result["state"], result["cause"]) == (self.order, "matching", "dropout"), result
        assert set(result["substitutes"]) == {"order", "stage", "funnel", "candidates"}
        assert self.worker not in [found["worker"] for found in result["substitutes"]["candidates"]]

    # The log and the state.

    def test_log(self):
        log = self.cy.json("log")
        assert all(set(entry) == {"id", "writer", "seq", "time", "actor", "what", "refused", "ops"} for entry in log)
        assert len(self.cy.run("log").stdout.splitlines()) == len(log)
        mine = self.cy.json("log", "worker", "CYA0001")
        assert [entry["what"].split()[:2] for entry in mine] == [["add", "worker"], ["edit", "worker"]], mine
        assert "skills" in {change["field"] for change in mine[1]["changes"]}, mine[1]
        text = json.dumps(log, ensure_ascii=False)
        assert "王秀英" not in text and "13800138000" not in text, "a particular in the log"

    def test_status(self):
        status = self.cy.json("status")
        assert set(status) == {"writer", "site", "frontier", "waiting", "attachments_waiting", "last_sync", "data_through", "conflicts", "repaired", "troubles", "protection",
                              "state_hash"}, status
        assert status["waiting"] > 0 and status["conflicts"] == 0 and status["last_sync"], status
        assert status["data_through"][:16] <= status["last_sync"][:16], status
        assert status["state_hash"] == self.cy.state_hash()

    def test_conflicts_of_one_editor(self):
        assert self.cy.run("--json", "conflicts").stdout == "[]\n"
        assert self.cy.run("conflicts").stdout == ""

    def test_conflicts_of_two_editors(self):
        hub = Hub(self.hq, self.address)
        try:
            gone = self.cy.word("add", "worker", "name=要走的阿姨")
            self.cy.run("sync")
            for node, wage in ((self.hq, 5200), (self.cy, 5600)):
                node.run("set", "worker", self.worker, f"expected_wage={wage}")
            self.hq.run("set", "worker", gone, "max_travel=30")
            self.cy.run("remove", "worker", gone)
            self.cy.run("sync")
            conflicts = self.cy.json("conflicts", exits=(3,))
            assert conflicts == self.hq.json("conflicts", exits=(3,)) and len(conflicts) == 2, conflicts
            keys = [(conflict["table"], conflict["id"], conflict["field"]) for conflict in conflicts]
            assert keys == sorted([("worker", self.worker, "expected_wage"), ("worker", gone, "")]), keys
            by_field = {conflict["field"]: conflict for conflict in conflicts}
            wage = by_field["expected_wage"]
            assert set(wage) == {"table", "id", "field", "shown", "both", "versions"}
            assert all(set(version) == {"value", "writer", "pc", "actor", "time", "had_seen"} for version in wage["versions"]), wage
            assert [version["had_seen"]["actor"] for version in wage["versions"]] == ["CY01", "CY01"], wage
            assert sorted(version["value"] for version in wage["versions"]) == [5200, 5600], wage
            shown = self.cy.json("get", "worker", self.worker)["expected_wage"]
            assert wage["shown"] == wage["versions"][0]["value"] == shown, wage
            assert [version["value"] for version in by_field[""]["versions"]] == ["kept", "removed"], by_field[""]
            assert self.cy.run("status", check=False).returncode == 3
            self.cy.run("resolve", "worker", self.worker, "expected_wage", "--value", "5400")
            self.cy.run("resolve", "worker", gone, "-", "--value", "removed")
            self.cy.run("sync")
            for node in (self.hq, self.cy):
                assert node.json("conflicts") == []
                worker = node.json("get", "worker", self.worker)
                assert (worker["expected_wage"], worker["wage_unit"]) == (5400, "hour"), worker
                assert node.run("get", "worker", gone, check=False).returncode == 1
            assert self.cy.state_hash() == self.hq.state_hash()
        finally:
            hub.stop()

    def test_many_at_once(self):
        """Window, hub and commands share one file; so may many commands."""
        running = [self.cy.start("add", "worker", f"name=同时{number}", "job_types=cleaning") for number in range(8)]
        added = [process.communicate(timeout=TIMEOUT)[0].split()[-1] for process in running]
        assert [process.returncode for process in running] == [0] * 8
        numbers = [worker["worker_no"] for worker in self.cy.json("list", "worker")]
        assert len(set(added)) == 8 and len(set(numbers)) == len(numbers), numbers
        self.cy.run("fsck")

    def test_whole(self):
        before = self.cy.state_hash()
        self.cy.run("fsck")
        self.cy.run("log", "verify")
        assert self.cy.word("rebuild") == before == self.cy.state_hash()
        target = self.directory / "audit.git"
        assert self.cy.word("log", "export", target) == str(target)
        assert (target / "allowed_signers").is_file() and (target / "HEAD").is_file()

    # Import.

    def test_import(self):
        table = self.directory / "workers.csv"
        table.write_text("\ufeff姓名,手机号,工种\n赵敏,13700137001,保洁\n钱红,123,保洁\n孙丽,13700137003,育儿嫂\n", encoding="utf-8")
        before = self.cy.state_hash()
        tried = self.cy.json("import", "worker", table, "--dry-run", exits=(5,))
        assert (tried["rows"], tried["inserted"], [row["line"] for row in tried["refused"]]) == (3, 2, [3]), tried
        assert self.cy.state_hash() == before
        done = self.cy.run("import", "worker", table, check=False)
        assert done.returncode == 5 and f"{table}:3: " in done.stderr, done
        again = self.cy.json("import", "worker", table, exits=(5,))
        assert (again["inserted"], again["updated"], again["unchanged"]) == (0, 0, 2), again
        assert len(self.cy.json("list", "worker", "--where", "phone=13700137003")) == 1

    def test_import_in_gb18030(self):
        table = self.directory / "customers.csv"
        table.write_bytes("姓名,手机号\n周女士,13600136001\n".encode("gb18030"))
        assert self.cy.json("import", "customer", table)["inserted"] == 1
        assert self.cy.json("list", "customer", "--where", "phone=13600136001")[0]["name"] == "周女士"

    def test_chinese(self):
        done = subprocess.run(self.cy.command("get", "worker", "CYA9999"), capture_output=True, text=True, timeout=TIMEOUT,
                              env={**environment(), "LANGUAGE": "zh_CN", "LC_ALL": "C.UTF-8"})
        assert done.returncode == 1 and done.stderr.startswith("yuelaictl: "), done


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yuelai-ctl-") as directory:
        checks = Checks(os.path.abspath(sys.argv[1]), sys.argv[2], directory)
        for name in list(vars(Checks)):
            if name.startswith("test_"):
                tap.check(name[5:].replace("_", " "), getattr(checks, name))
    tap.done()


if __name__ == "__main__":
    main()
