"""What protects a store file, with whole programs: a key file, a passphrase typed on a terminal, a real keyring on a bus of its own."""

import os
import pathlib
import pty
import select
import subprocess
import sys
import tempfile
import time

from yuelai import TIMEOUT, Node, Tap, environment

REFUSED = 5
PASSPHRASE = "correct horse battery"


def without_means():
    env = environment()
    for name in ("YUELAI_KEY_FILE", "YUELAI_PASSPHRASE_FILE", "DBUS_SESSION_BUS_ADDRESS"):
        env.pop(name, None)
    return env


class Store(Node):
    """A head office of its own, whose commands get just the environment that a test names."""

    def call(self, *arguments, **more):
        return subprocess.run(self.command(*arguments), env={**without_means(), **more}, stdin=subprocess.DEVNULL,
                              start_new_session=True, capture_output=True, text=True, timeout=TIMEOUT)

    def found(self, **more):
        return self.call("init", "--company", "悦来家政", "--code", "YL", "--hub", "http://127.0.0.1:1", **more)

    def protection(self, **more):
        done = self.call("status", **more)
        assert done.returncode == 0, done.stderr
        return next(line for line in done.stdout.splitlines() if line.startswith("protection: "))

    def refuses(self, *says, **more):
        done = self.call("status", **more)
        assert done.returncode == REFUSED and done.stdout == "", (done.returncode, done.stdout, done.stderr)
        assert all(word in done.stderr for word in says), done.stderr

    def on_terminal(self, answers, *arguments):
        """With a person at a terminal, who answers each question. Returns exit status and all that the terminal showed."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(self.program, self.command(*arguments), without_means())
        shown = b""
        deadline = time.monotonic() + TIMEOUT
        waiting = list(answers)
        while time.monotonic() < deadline:
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    piece = os.read(terminal, 4096)
                except OSError:  # the program is gone
                    break
                shown += piece
                if waiting and piece.rstrip(b" ").endswith(b":"):
                    time.sleep(0.05)  # until the terminal is set to show nothing
                    os.write(terminal, waiting.pop(0).encode() + b"\n")
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(terminal)
        return status, shown.decode(errors="replace")


def new_store(program, directory, name):
    return Store(program, pathlib.Path(directory) / name)


def test_none(program, directory):
    store = new_store(program, directory, "none.yuelai")
    done = store.found()
    assert done.returncode == REFUSED and "--key-file" in done.stderr, done.stderr
    assert not pathlib.Path(store.store).exists(), "a store was made that nothing protects"


def test_key_file(program, directory):
    store = new_store(program, directory, "key.yuelai")
    key = pathlib.Path(directory) / "hub.key"
    done = store.found(YUELAI_KEY_FILE=str(key))
    assert done.returncode == 0 and "a key file" in done.stdout, (done.stdout, done.stderr)
    assert key.stat().st_mode & 0o777 == 0o600
    store.refuses("key file")
    assert store.call("--key-file", key, "status").returncode == 0
    # As systemd hands a credential over: readable for a group, in a folder that it names.
    credentials = pathlib.Path(directory) / "credentials"
    credentials.mkdir()
    handed = credentials / "key"
    handed.write_bytes(key.read_bytes())
    handed.chmod(0o440)
    store.refuses("chmod", YUELAI_KEY_FILE=str(handed))
    store.protection(YUELAI_KEY_FILE=str(handed), CREDENTIALS_DIRECTORY=str(credentials))


def test_terminal(program, directory):
    store = new_store(program, directory, "typed.yuelai")
    status, shown = store.on_terminal([PASSPHRASE, PASSPHRASE + "x"], "init", "--company", "悦来", "--code", "YL", "--hub",
                                      "http://127.0.0.1:1")
    assert status == REFUSED and "differ" in shown, shown
    assert not pathlib.Path(store.store).exists()
    status, shown = store.on_terminal([PASSPHRASE, PASSPHRASE], "init", "--company", "悦来", "--code", "YL", "--hub",
                                      "http://127.0.0.1:1")
    assert status == 0 and "a passphrase" in shown, shown
    assert PASSPHRASE not in shown, "the passphrase is seen on the terminal"
    status, shown = store.on_terminal([PASSPHRASE], "status")
    assert status == 0 and "protection: a passphrase" in shown, shown
    status, shown = store.on_terminal(["wrong " + PASSPHRASE], "list", "company")
    assert status == REFUSED and "passphrase" in shown and "悦来" not in shown, shown
    status, shown = store.on_terminal(["half of it\x03"], "list", "company")
    assert status == REFUSED and "悦来" not in shown, shown


def test_passphrase_file(program, directory):
    store = new_store(program, directory, "script.yuelai")
    given = pathlib.Path(directory) / "passphrase"
    given.write_text(PASSPHRASE + "\n")
    assert store.found(YUELAI_PASSPHRASE_FILE=str(given)).returncode == 0
    assert store.protection(YUELAI_PASSPHRASE_FILE=str(given)) == "protection: a passphrase"
    given.write_text("another one\n")
    store.refuses("passphrase", YUELAI_PASSPHRASE_FILE=str(given))
    store.refuses("terminal")


def test_change(program, directory):
    """From one to the other; what was before opens nothing any more, and the records are as they were."""
    store = new_store(program, directory, "change.yuelai")
    first, second, given = (pathlib.Path(directory) / name for name in ("first.key", "second.key", "given"))
    given.write_text(PASSPHRASE + "\n")
    store.found(YUELAI_KEY_FILE=str(first))
    before = store.call("state-hash", YUELAI_KEY_FILE=str(first)).stdout
    done = store.call("lock", "--key-file", second, YUELAI_KEY_FILE=str(first))
    assert done.returncode == 0, done.stderr
    store.refuses("not the one", YUELAI_KEY_FILE=str(first))
    done = store.call("lock", "--passphrase", YUELAI_KEY_FILE=str(second), YUELAI_PASSPHRASE_FILE=str(given))
    assert done.returncode == 0, done.stderr
    store.refuses("passphrase", YUELAI_KEY_FILE=str(second))
    assert store.call("state-hash", YUELAI_PASSPHRASE_FILE=str(given)).stdout == before


KEYRING = """
echo -n secret | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1 || exit 77
for i in $(seq 50); do secret_answers && break; sleep 0.1; done
"$0" --store "$1" init --company A --code HQ --hub http://127.0.0.1:1 || exit 1
"$0" --store "$1" status || exit 1
YUELAI_KEY_FILE="$1.key" "$0" --store "$1" lock --key-file "$1.key" || exit 1
YUELAI_KEY_FILE="$1.key" "$0" --store "$1" lock --keyring || exit 1
"$0" --store "$1" status
""".replace("secret_answers", "gdbus wait --session --timeout 5 org.freedesktop.secrets")


def run_keyring(program, directory, store):
    home = pathlib.Path(directory) / "home"
    home.mkdir(exist_ok=True)
    env = {**without_means(), "HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CACHE_HOME": str(home),
           "XDG_RUNTIME_DIR": str(home)}
    return subprocess.run(["dbus-run-session", "--", "bash", "-c", KEYRING, program, str(store)], env=env,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT)


def test_keyring(tap, program, directory):
    store = new_store(program, directory, "ring.yuelai")
    try:
        done = run_keyring(program, directory, store.store)
    except FileNotFoundError as missing:
        tap.skip("keyring", str(missing))
        return
    if done.returncode == 77:
        tap.skip("keyring", "gnome-keyring-daemon does not start here")
        return

    def check():
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("protection: the login's keyring") == 2, done.stdout
        store.refuses("keyring")

    tap.check("keyring", check)


def main():
    program = os.path.abspath(sys.argv[1])
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yuelai-protection-") as directory:
        for name, test in (("nothing to protect it", test_none), ("key file", test_key_file),
                           ("passphrase on a terminal", test_terminal), ("passphrase from a file", test_passphrase_file),
                           ("change of protection", test_change)):
            tap.check(name, test, program, directory)
        test_keyring(tap, program, directory)
    tap.done()


main()
