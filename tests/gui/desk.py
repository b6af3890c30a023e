"""Driving the window through AT-SPI: find by role and name, press, type, read."""

import ctypes
import os
import pathlib
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

TIMEOUT = 60


def wait_for(what, function):
    """Asks until there is an answer; what never comes fails the test."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        try:
            found = function()
        except GLib.Error:  # the widget went away while it was looked at, or has no such side
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {TIMEOUT} s")


def walk(node):
    """The node and all below it, top down, as they are now."""
    node.clear_cache()
    yield node
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield from walk(child)


def is_shown(node):
    """GTK 4.8 leaves SHOWING out; what was never laid out has no size."""
    if not node.get_state_set().contains(Atspi.StateType.VISIBLE):
        return False
    try:
        extents = node.get_extents(Atspi.CoordType.WINDOW)
    except GLib.Error:  # not a thing that has a place
        return False
    return extents.width > 0 and extents.height > 0


def find_window(pid):
    """Whether a program has a window, as AT-SPI knows it."""
    desktop = Atspi.get_desktop(0)
    applications = [desktop.get_child_at_index(index) for index in range(desktop.get_child_count())]
    return any(application is not None and application.get_process_id() == pid and application.get_child_count()
               for application in applications)


class Input:
    """Keyboard and pointer of the display, as if they were moved by hand."""

    def __enter__(self):
        self.x11, self.test = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(None))
        return self

    def __exit__(self, *unused):
        self.x11.XCloseDisplay(self.display)

    def move(self, x, y):
        self.test.XTestFakeMotionEvent(self.display, -1, x, y, ctypes.c_ulong(0))
        self.x11.XFlush(self.display)

    def button(self, pressed):
        self.test.XTestFakeButtonEvent(self.display, 1, pressed, ctypes.c_ulong(0))
        self.x11.XFlush(self.display)

    def press(self, *names):
        codes = [self.x11.XKeysymToKeycode(self.display, ctypes.c_ulong(self.x11.XStringToKeysym(name.encode()))) for name in names]
        for pressed, order in ((1, codes), (0, reversed(codes))):
            for code in order:
                self.test.XTestFakeKeyEvent(self.display, code, pressed, ctypes.c_ulong(0))
        self.x11.XFlush(self.display)


class Desk:
    """The program with a window, in English, with a home folder of its own; @store None: as on a new PC, with no key file either."""

    def __init__(self, program, store, home):
        env = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en", HOME=str(home), XDG_CONFIG_HOME=str(home),
                   XDG_DATA_HOME=str(home), GSK_RENDERER="cairo", GTK_A11Y="atspi", NO_AT_BRIDGE="0")
        env.pop("YUELAI_STORE", None)
        if store is None:
            del env["YUELAI_KEY_FILE"]
        arguments = ["--store", str(store)] if store is not None else []
        self.process = subprocess.Popen([program, *arguments], env=env, stdin=subprocess.DEVNULL)
        self.application = wait_for("the window", self.find_application)
        # Others are not gone through: GTK 4.8 falls over when the parts of its file chooser are asked for.
        self.first = self.window = self.application.get_child_at_index(0)

    def find_application(self):
        assert self.process.poll() is None, f"the program ended with {self.process.returncode}"
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(index)
            if application is not None and application.get_process_id() == self.process.pid and application.get_child_count():
                return application
        return None

    def close(self):
        self.process.terminate()
        self.process.wait(TIMEOUT)

    def shown(self):
        """What is on screen, a line a widget, for a failure to show."""
        return [f"{node.get_role_name()} “{node.get_name()}”" for node in walk(self.window)
                if node.get_name() and is_shown(node)]

    def find_all(self, role, name=None, starts=None):
        """Shown widgets of that role, by whole name or by its beginning, as they are met."""
        return (node for node in walk(self.window)
                if node.get_role_name() == role and (name is None or node.get_name() == name)
                and (starts is None or node.get_name().startswith(starts)) and is_shown(node))

    def find(self, role, name=None, starts=None):
        return wait_for(f"{role} “{name or starts}”", lambda: next(self.find_all(role, name, starts), None))

    def press(self, name=None, role="push button", starts=None):
        button = wait_for(f"{role} “{name or starts}”", lambda: next(
            (node for node in self.find_all(role, name, starts) if node.get_n_actions() > 0), None))
        assert button.do_action(0), f"“{name or starts}” cannot be pressed"

    def keys(self, *names):
        """Presses them together on the keyboard, by their names for X. Nobody manages windows here: keys go to the one under the pointer, and each
        begins in the corner."""
        with Input() as device:
            device.move(200, 200)
            device.press(*names)

    def drag(self, path, node):
        """Drops the file on that part of the window, from the window of another program in the corner."""
        extents = node.get_extents(Atspi.CoordType.WINDOW)
        script = pathlib.Path(__file__).parent / "drag.py"
        with subprocess.Popen([sys.executable, script, path], stdin=subprocess.DEVNULL) as files, Input() as device:
            try:
                wait_for("the other program's window", lambda: find_window(files.pid))
                time.sleep(0.5)
                device.move(50, 50)
                device.button(True)
                for x, y in ((54, 54), (70, 70), (200, 200), (extents.x + 20, extents.y + 4), (extents.x + 24, extents.y + 6)):
                    time.sleep(0.2)
                    device.move(x, y)
                time.sleep(0.5)
                device.button(False)
                time.sleep(0.5)
            finally:
                files.kill()

    def other_window(self):
        """The name of the one that came up above the first; None without one."""
        self.application.clear_cache()
        other = self.application.get_child_at_index(1) if self.application.get_child_count() > 1 else None
        return other.get_name() if other is not None and is_shown(other) else None

    def enter(self):
        """Goes on in the window that came up above the first."""
        def find():
            self.application.clear_cache()
            return self.application.get_child_at_index(1) if self.application.get_child_count() > 1 else None

        self.window = wait_for("another window", find)

    def leave(self):
        """Closes that one, with the key for it. It is not looked for meanwhile: GTK 4.8 falls over when a window goes that is asked for."""
        self.keys("Escape")
        wait_for("the other window to go", lambda: not is_shown(self.window))
        self.window = self.first

    def answer(self, question, choice):
        """Chooses the button of that name in the window that asks that; the window goes."""
        def find_button():
            self.application.clear_cache()
            dialogs = [self.application.get_child_at_index(index) for index in range(1, self.application.get_child_count())]
            shown = [node for dialog in dialogs if dialog is not None for node in walk(dialog) if is_shown(node)]
            asked = any(node.get_name() == question for node in shown)
            # Such a button has its label twice in its name.
            return next((node for node in shown if asked and node.get_role_name() == "push button"
                         and node.get_name().startswith(choice)), None)

        assert wait_for(f"“{choice}” of “{question}”", find_button).do_action(0)
        wait_for(f"“{question}” to go", lambda: not find_button())

    def type(self, name, text, role="text"):
        """As if it were typed into the entry of that name."""
        entry = self.find(role, name)
        assert entry.set_text_contents(text), f"“{name}” takes no text"

    def typed(self, name, role="text"):
        """What is in the entry of that name."""
        entry = self.find(role, name)
        return Atspi.Text.get_text(entry, 0, Atspi.Text.get_character_count(entry))

    def read(self, starts):
        """The label that begins so."""
        return self.find("label", starts=starts).get_name()

    def rows(self, list_name):
        """Names of the rows of the list of that name."""
        return [row.get_name() for row in walk(self.find("list", list_name)) if row.get_role_name() == "list item"]
