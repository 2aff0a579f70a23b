"""`make certify`: Rocq compiles all of it; it fails unless each theorem is proved.

Each of `catalogue()`, with every step of its chain, from the axioms of the classical
reals alone; and each false statement is refused by the tactic that proves the steps.
"""

import shutil
import subprocess
import sys
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic

from certificates.export import ROOM, file
from certificates.mutants import file_of_mutants
from certificates.reports import (
    AXIOMS,
    Compiled,
    assumptions,
    compiled,
    forbidden,
    missing,
    refusals,
)
from derivations.theorems import TOPICS, catalogue

BUILD = ROOM.parent / "build/certificates"
# In test mode coqc prints why a tactic failed behind `Fail`.
COQC = "coqc", "-q", "-test-mode", "-time", "-Q", ".", "Certificates"
SECONDS = 600
"""How long a file may take; the longest takes 50 where nothing else runs."""
NEEDED = "Rocq with Coquelicot is needed: apt-get install coq libcoq-coquelicot"


@dataclass(frozen=True)
class Run:
    """A file that coqc was asked to compile: what it printed, what is wrong."""

    name: str
    output: str
    problems: tuple = ()

    @property
    def source(self) -> bytes:
        """The text of the file."""
        return (BUILD / f"{self.name}.v").read_bytes()


def run(name: str) -> Run:
    """Compile a file of the build folder."""
    command = [*COQC, f"{name}.v"]
    try:
        done = subprocess.run(
            command, cwd=BUILD, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Run(name, "", (f"{name}.v takes more than {SECONDS} seconds",))
    output, errors = (x.decode(errors="replace") for x in (done.stdout, done.stderr))
    last = errors[errors.rfind('File "') :] if 'File "' in errors else errors
    failed = (f"{name}.v: {last} (status {done.returncode})",) * bool(done.returncode)
    return Run(name, output, failed)


def problems_of_files() -> list[str]:
    """What is wrong with the files of the room, before Rocq is asked."""
    texts = {x.stem: x.read_text(encoding="utf-8") for x in sorted(ROOM.glob("*.v"))}
    apart = {*texts} ^ {*TOPICS, "Library", "refused"}
    found = [f"{x}.v is missing, or has no place here" for x in sorted(apart)]
    for name, text in texts.items():
        found += [f"{name}.v says {word}" for word in forbidden(text)]
        if name in TOPICS and text != file(name):
            found.append(f"{name}.v is not what `make certificates` writes")
    return found


def write_files() -> list[str]:
    """Write what Rocq is to compile behind the library; the names, longest first."""
    shutil.rmtree(BUILD, ignore_errors=True)
    (BUILD / "mutants").mkdir(parents=True)
    for path in ROOM.glob("*.v"):
        shutil.copy(path, BUILD)
    for topic in TOPICS:
        path = BUILD / f"mutants/{topic}.v"
        path.write_text(file_of_mutants(topic), encoding="utf-8")
    paths = sorted(BUILD.rglob("*.v"), key=lambda x: -x.stat().st_size)
    names = [str(x.relative_to(BUILD).with_suffix("")) for x in paths]
    return [x for x in names if x != "Library"]


def write_assumptions(sections: dict[str, dict[str, Compiled]]) -> str:
    """Write a file that prints what all that is proved assumes; its name."""
    lines = [f"Require Certificates.{topic}." for topic in sections]
    for topic, found in sections.items():
        proved = [name for section in found.values() for name in section.proved]
        names = ", ".join(f"Certificates.{topic}.{name}" for name in proved)
        lines.append(f"Definition of_{topic} := ({names}).")
    lines.append(f"Definition all := ({', '.join(f'of_{x}' for x in sections)}).")
    text = "\n".join([*lines, "Print Assumptions all.\n"])
    (BUILD / "assumptions.v").write_text(text, encoding="utf-8")
    return "assumptions"


def table(topic: str, found: dict[str, Compiled]) -> tuple[list[int], list[str]]:
    """Print a row for each theorem of a topic; the steps of each, and what is wrong."""
    certified, problems = [], []
    for full, derive in catalogue().items():
        where, own = full.split(".")
        if where == topic:
            steps, section = len(derive().steps), found.get(own, Compiled())
            lacking = missing(own, steps, section.proved)
            if lacking:
                problems.append(f"{full} is not certified: no {', '.join(lacking)}")
            else:
                certified.append(steps)
            print(f"{full:40}{steps:5}{section.seconds:9.1f}", flush=True)
    return certified, problems


def of_assumptions(done: Run) -> list[str]:
    """Print what all theorems assume; what of it is not to be assumed."""
    print("\nwhat they assume:")
    names = assumptions(done.output)
    for name in names:
        print(f"  {name}")
    wrong = [f"{name} is assumed" for name in names if name not in AXIOMS]
    return [*done.problems, *wrong] + ["no axioms were printed"] * (not names)


def certify(jobs: int) -> list[str]:
    """Compile everything, print what is found, return what is wrong."""
    started, problems = monotonic(), problems_of_files()
    names = write_files()
    library = run("Library")
    if library.problems:
        lacks_a_library = "logical path" in library.problems[0]
        return [*problems, *library.problems, *[NEEDED] * lacks_a_library]
    print(f"{'theorem':40}{'steps':>5}{'seconds':>9}")
    steps, sections, refused = [], {}, 0
    with ThreadPoolExecutor(jobs) as pool:
        runs = {name: pool.submit(run, name) for name in names}
        for topic in TOPICS:
            done = runs.pop(topic).result()
            sections[topic] = compiled(done.source, done.output)
            certified, wrong = table(topic, sections[topic])
            steps += certified
            problems += [*done.problems, *wrong]
        problems += of_assumptions(
            pool.submit(run, write_assumptions(sections)).result()
        )
        for name, future in runs.items():
            done = future.result()
            found, wrong = refusals(done.source.decode(), done.output)
            refused += found
            problems += [*done.problems, *(f"{name}.v, {x}" for x in wrong)]
    print(
        f"\n{len(steps)} theorems, {sum(steps)} steps certified; "
        f"{refused} false statements refused; {monotonic() - started:.0f} s"
    )
    return problems


def main(words: list[str] | None = None) -> int:
    """`make certify`; the status is 1 where something is wrong."""
    parser = ArgumentParser(prog="certificates.certify", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="how many processes")
    jobs = parser.parse_args(words).jobs
    if shutil.which("coqc") is None:
        print(NEEDED, file=sys.stderr)
        return 1
    print(subprocess.check_output([*COQC, "--version"], text=True).partition("\n")[0])
    problems = certify(jobs)
    print(*problems, sep="\n", end="\n" * bool(problems), file=sys.stderr)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
