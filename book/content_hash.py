"""Folders named by a hash of their files, so that a browser may cache them for ever."""

import hashlib


def name_of(files):
    """The name of a folder: a hash of its files, which are bytes by name.

    >>> name_of({"a.js": b"1"}) == name_of({"a.js": b"2"})
    False
    """
    whole = hashlib.sha256()
    for name, content in sorted(files.items()):
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:16]


def put(folder, files):
    """Write files into a folder named by a hash of them, and return that folder."""
    place = folder / name_of(files)
    for name, content in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return place
