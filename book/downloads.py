"""Packages that the book carries: downloaded once, and checked by their sha256."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("lock.json")
COMMANDS = {
    "npm": ("npm", "pack", "{name}@{version}", "--silent", "--pack-destination"),
    "pip": (
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
        *("--disable-pip-version-check", "--only-binary", ":all:"),
        *("{name}=={version}", "--dest"),
    ),
}


OLDEST_NODE = 18


def check_tools():
    """Raise OSError, in one line, unless npm is there and node is new enough."""
    needed = f"the book is built with Node.js {OLDEST_NODE} or newer and npm"
    get = "get them from nodejs.org, or on Debian: apt-get install nodejs npm"
    missing = [x for x in ("node", "npm") if shutil.which(x) is None]
    if missing:
        raise OSError(f"{needed}, and there is no {' and no '.join(missing)}: {get}")
    version = subprocess.check_output(["node", "--version"], text=True).strip()
    if int(version.lstrip("v").split(".")[0] or 0) < OLDEST_NODE:
        raise OSError(f"{needed}, and this node is {version}: {get}")


def fetch(folder, lock=None):
    """Download the packages of the lock file into a folder; returns the files by name.

    A file that is there is not downloaded again, but its sum is compared all the same.
    Raises ValueError for a file with another sha256, CalledProcessError where npm or
    pip finds none.
    """
    lock = json.loads(LOCK.read_text(encoding="utf-8")) if lock is None else lock
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for name, package in lock.items():
        paths[name] = path = folder / package["file"]
        if not path.exists():
            words = COMMANDS[package["from"]]
            command = [*words[:1], *(x.format(name=name, **package) for x in words[1:])]
            subprocess.run(
                [*command, str(folder)], check=True, stdout=subprocess.DEVNULL
            )
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != package["sha256"]:
            path.unlink()
            raise ValueError(
                f"{package['file']} has the sha256 {digest}, and the lock file expects "
                f"{package['sha256']}: it is not used"
            )
    return paths
