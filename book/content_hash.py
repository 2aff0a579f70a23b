"""Folders named by what is in them: a browser may keep such a file for ever."""

import hashlib


def name_of(files):
    """A folder's name, from what is in it: files, bytes by name.

    >>> name_of({"a.js": b"1"}) == name_of({"a.js": b"2"})
    False
    """
    whole = hashlib.sha256()
    for name, content in sorted(files.items()):
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:16]


def put(folder, files):
    """Write files below a folder that is named by what they are; return that folder."""
    place = folder / name_of(files)
    for name, content in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return place
