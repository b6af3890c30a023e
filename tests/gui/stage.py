"""What the tests that look at the window share: a display and a bus of their own, and scenes one after the other."""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

from yuelai import Tap


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def play(tap, desk, scenes):
    try:
        for name in vars(type(scenes)):
            if not name.startswith("_") and not tap.check(name.replace("_", " "), getattr(scenes, name)):
                print("# on screen:", *desk.shown(), sep="\n#   ")
                break
    finally:
        desk.close()


def pass_on_tap(command):
    """Runs it and prints its results without what the bus and its daemons say in between."""
    with tempfile.TemporaryDirectory(prefix="yl-home-") as home:
        # What the bus starts, such as a keyring, finds nothing of this login.
        env = dict(os.environ, YUELAI_TEST_DISPLAY="1", HOME=home, XDG_DATA_HOME=home, XDG_RUNTIME_DIR=home)
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as inner:
            for line in inner.stdout:
                if line.startswith(("ok ", "not ok ", "1..", "#", "Bail out!")):
                    print(line, end="", flush=True)
        return inner.returncode


def main(run):
    """@run: plays with a Tap, the two programs of the command line, and a folder for what it makes."""
    yuelaictl, yuelai = sys.argv[1:3]
    if "YUELAI_TEST_DISPLAY" not in os.environ:
        # A bus and a display of our own, so that nothing on this machine is seen or touched.
        command = ["dbus-run-session", "--", "xvfb-run", "-a", "-s", "-screen 0 1280x800x24", sys.executable, *sys.argv]
        missing = [tool for tool in ("dbus-run-session", "xvfb-run") if shutil.which(tool) is None]
        if missing:
            print(f"1..0 # SKIP {' and '.join(missing)} missing")
            return 0
        return pass_on_tap(command)
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="yl-desk-") as directory:
        run(tap, yuelaictl, yuelai, pathlib.Path(directory))
    tap.done()
    return 0
