#!/usr/bin/python3
"""A small window in the corner from which a file can be dragged, as from a file manager.

    drag.py FILE
"""

import sys

import gi

gi.require_version("Gtk", "4.0")
from gi.repository import Gdk, Gio, GLib, Gtk  # noqa: E402


def main(path):
    window = Gtk.Window(title="Files", default_width=100, default_height=100)
    handle = Gtk.Label(label="file", hexpand=True, vexpand=True)
    source = Gtk.DragSource(actions=Gdk.DragAction.COPY)
    uris = GLib.Bytes.new(f"{Gio.File.new_for_path(path).get_uri()}\r\n".encode())
    source.set_content(Gdk.ContentProvider.new_for_bytes("text/uri-list", uris))
    handle.add_controller(source)
    window.set_titlebar(Gtk.Box(visible=False))
    window.set_child(handle)
    window.present()
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(sys.argv[1])
