"""What the tests of whole programs share: running yuelaictl, a hub, and printing TAP."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback

TIMEOUT = 120
# One key file protects the stores of a test; what they keep to be quicker goes the same way.
SECRETS = tempfile.TemporaryDirectory(prefix="yuelai-key-")
os.environ.setdefault("YUELAI_KEY_FILE", os.path.join(SECRETS.name, "key"))
os.environ["XDG_CACHE_HOME"] = os.path.join(SECRETS.name, "cache")
os.environ["XDG_STATE_HOME"] = os.path.join(SECRETS.name, "state")


def environment(**more):
    """The same for everybody: English, no store named from outside."""
    env = {name: value for name, value in os.environ.items() if name != "YUELAI_STORE"}
    env.update({"LC_ALL": "C.UTF-8", "LANGUAGE": "en", **more})
    return env


class Node:
    """One PC: a store file, where its processes run (a prefix such as `ip netns exec NAME`), and what else they find in their environment."""

    def __init__(self, program, store, prefix=(), **more):
        self.program = program
        self.store = str(store)
        self.prefix = list(prefix)
        self.more = more

    def command(self, *arguments):
        return [*self.prefix, self.program, "--store", self.store, *map(str, arguments)]

    def run(self, *arguments, check=True, **options):
        """One command to its end; with @check it must succeed."""
        done = subprocess.run(self.command(*arguments), env=environment(**self.more), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=TIMEOUT, **options)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, arguments))}: exit {done.returncode}: {done.stderr.strip()}")
        return done

    def word(self, *arguments):
        """The last word of the last line that a command prints."""
        return self.run(*arguments).stdout.split()[-1]

    def json(self, *arguments, exits=(0,)):
        done = self.run("--json", *arguments, check=False)
        assert done.returncode in exits, f"{arguments}: exit {done.returncode}: {done.stderr.strip()}"
        return json.loads(done.stdout)

    def state_hash(self):
        return self.word("state-hash")

    def start(self, *arguments):
        return subprocess.Popen(self.command(*arguments), env=environment(**self.more), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Hub:
    """A hub process on a node, ready once it exists."""

    def __init__(self, node, address, *options):
        self.process = node.start("hub", "--listen", address, *options)
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            raise AssertionError(f"hub: {line}{self.process.stderr.read()}")
        self.url = line.split()[-1]

    def kill(self):
        self.process.kill()
        self.process.wait(TIMEOUT)

    def stop(self):
        """As a service manager does; it must end cleanly."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(TIMEOUT)
        assert code == 0, f"the hub ended with {code}: {self.process.stderr.read()}"


class Tap:
    """Numbered results; a failure does not stop what follows."""

    def __init__(self):
        self.count = 0

    def report(self, ok, name):
        self.count += 1
        print(f"{'ok' if ok else 'not ok'} {self.count} - {name}", flush=True)

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}", flush=True)

    def check(self, name, function, *arguments):
        """Runs a test function; what it raises is its failure. Returns whether it held."""
        try:
            function(*arguments)
        except Exception:  # a broken test is a failed one
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
            self.report(False, name)
            return False
        self.report(True, name)
        return True

    def bail_out(self, why):
        print(f"Bail out! {why}")
        sys.exit(1)

    def done(self):
        print(f"1..{self.count}", flush=True)
