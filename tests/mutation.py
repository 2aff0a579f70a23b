"""Mutants of derivations/: small changes of its code that a test should notice.

    python tests/mutation.py sample OLD_TREE sample.json
    python tests/mutation.py run sample.json NEW_TREE after.json --jobs 2
    python tests/mutation.py compare before.json after.json

`sample` draws the mutants of one tree. `run` finds each in a tree by its statement,
whatever modules, functions and variables are called there, and runs the tests that call
the changed function, the fastest first. What each test calls is noted in one run of all
in `after.json.work`, beside a copy of the tree; an interrupted `run` continues there,
and one with a larger budget asks more tests about the survivors. With `--alive` it asks
only about those that another run did not kill: few, where `after` was asked first.
"""

import argparse
import ast
import copy
import json
import os
import re
import resource
import shutil
import signal
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from difflib import SequenceMatcher
from functools import cache
from itertools import chain, islice, zip_longest
from multiprocessing import get_context
from pathlib import Path
from random import Random

import numpy  # noqa: F401 (imported once, for all the tests)
import pytest
import sympy  # noqa: F401

ELSEWHERE = "bench book broken_steps contributing engine fuzzing notebooks readme"
"""Tests that import derivations and are about something else, or take too long."""
LEAST_ALIKE = 0.75
KILLED = ("killed", "timeout")
OPPOSITE = {ast.Eq: ast.NotEq, ast.Lt: ast.LtE, ast.Gt: ast.GtE, ast.In: ast.NotIn}
OPPOSITE |= {ast.Is: ast.IsNot, ast.And: ast.Or, ast.Add: ast.Sub, ast.Mult: ast.Div}
OPPOSITE |= {new: old for old, new in OPPOSITE.items()}
SWAPPED = {"min": "max", "max": "min", "all": "any", "any": "all"}


class Stripped(ast.NodeTransformer):
    """A tree without docstrings, messages, type hints, imports and decorators."""

    def visit(self, node):
        match node:
            case (
                ast.Import()
                | ast.ImportFrom()
                | ast.Expr(value=ast.Constant())
                | ast.Assign(targets=[ast.Name(id="__all__")])
            ):
                return ast.copy_location(ast.Pass(), node)
            case ast.Raise():
                return ast.copy_location(ast.Raise(), node)
            case ast.JoinedStr():
                return ast.copy_location(ast.Constant(""), node)
            case ast.arg():
                node.annotation = None
            case ast.FunctionDef():
                node.decorator_list, node.returns = [], None
        return self.generic_visit(node)


def changes(node):  # noqa: PLR0912 (one case per kind)
    """(kind, what is replaced, new source) of each mutation at one node."""

    def source(part=node, **fields):
        part = copy.copy(part)
        vars(part).update(fields)
        return f"({ast.unparse(part)})"

    opposite = OPPOSITE.get(type(getattr(node, "op", None)))
    match node:
        case ast.Compare(ops=ops):
            for at, old in enumerate(ops):
                new = [*ops[:at], OPPOSITE[type(old)](), *ops[at + 1 :]]
                yield f"comparison {at}", node, source(ops=new)
        case ast.BoolOp() | ast.BinOp() if opposite:
            yield "operator", node, source(op=opposite())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "negation", node, source(operand)
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            yield "integer +1", node, f"({value + 1})"
            yield "integer -1", node, f"({value - 1})"
        case ast.Call(func=function, args=args):
            for field in ("args", "keywords"):
                for at in range(len(given := getattr(node, field))):
                    fewer = [*given[:at], *given[at + 1 :]]
                    yield f"{field} {at}", node, source(**{field: fewer})
            if len(args) > 1:
                yield "order", node, source(args=[args[1], args[0], *args[2:]])
            if other := SWAPPED.get(ast.unparse(function)):
                yield "extreme", node, source(func=ast.Name(other))
        case ast.IfExp(test=test) | ast.If(test=test):
            yield "condition", test, "True"
            if isinstance(node, ast.If) and not isinstance(node.body[0], ast.Pass):
                yield "branch", node.body, "pass"
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield "return", value, "None"
        case ast.arguments(defaults=positional, kw_defaults=by_name):
            for default in filter(None, positional + by_name):
                is_false = ast.unparse(default) in ("None", "False", "0", "()")
                yield "default", default, "1" if is_false else "None"


def parts(node):
    """The nodes of one statement, without the statements in its blocks."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from parts(child)


def plain(node, names):
    """The tokens of a statement without its blocks, local names replaced by numbers."""
    node, tokens, numbers = copy.copy(node), [], {}
    if isinstance(node, ast.stmt):
        for block in {"body", "orelse", "handlers", "cases"} & set(node._fields):
            setattr(node, block, [ast.Pass()] if block == "body" else [])
    for token in re.findall(r"\w+|[^\w\s]", ast.unparse(node)):
        is_local = token in names and tokens[-1:] != ["."]
        number = numbers.setdefault(token, len(numbers)) if is_local else None
        tokens.append(f"_{number}" if is_local else token)
    return " ".join(tokens)


def units(tree):
    """(name, node) of each function and method, and of what stands outside of them."""
    for node in tree.body:
        for member in node.body if isinstance(node, ast.ClassDef) else [node]:
            names = [x.name for x in (node, member) if hasattr(x, "name")]
            yield ".".join(dict.fromkeys(names)) or "<module>", member


def sites(root):
    """Every mutation of a tree: its place, and what it is whatever the names are."""
    for path in sorted((root / "derivations").rglob("*.py")):
        text = path.read_bytes()
        ends = [0, *(line.end() for line in re.finditer(b"\n", text))]
        for function, unit in units(Stripped().visit(ast.parse(text))):
            nodes, repeated = list(ast.walk(unit)), Counter()
            names = {node.arg for node in nodes if isinstance(node, ast.arg)}
            if isinstance(unit, ast.FunctionDef):
                stored = [
                    x for x in nodes if isinstance(getattr(x, "ctx", 0), ast.Store)
                ]
                names |= {x.id for x in stored if isinstance(x, ast.Name)}
            statements = [node for node in nodes if isinstance(node, ast.stmt)]
            around = " ".join(plain(statement, names) for statement in statements)
            for statement in statements:
                whole = plain(statement, names)
                found = ((node, x) for node in parts(statement) for x in changes(node))
                for node, (kind, place, new) in found:
                    part = plain(node, names)
                    if "' '" in part:  # a message
                        continue
                    repeated[whole, kind, part] += 1
                    block = place if isinstance(place, list) else [place]
                    first, last = block[0], block[-1]
                    yield {
                        "kind": kind,
                        "statement": whole,
                        "part": part,
                        "repeated": repeated[whole, kind, part],
                        "around": around,
                        "function": function,
                        "file": str(path.relative_to(root)),
                        "line": first.lineno,
                        "start": ends[first.lineno - 1] + first.col_offset,
                        "end": ends[last.end_lineno - 1] + last.end_col_offset,
                        "new": new,
                    }


def sample(root, size=200, of_theorems=24):
    """Mutations drawn evenly from the kinds; a small share of them in theorems/."""
    groups = defaultdict(list)
    for site in sites(root):
        groups["theorems" in site["file"], site["kind"].split()[0]].append(site)
    drawn = []
    for in_theorems, share in ((False, size - of_theorems), (True, of_theorems)):
        kinds = [groups[key] for key in sorted(groups) if key[0] == in_theorems]
        for number, group in enumerate(kinds):
            Random(number).shuffle(group)
        drawn += islice(filter(None, chain(*zip_longest(*kinds))), share)
    return drawn


@cache
def likeness(one, other):
    """How alike two texts are, from 0 to 1, by their tokens."""
    match = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    return match.ratio() if match.quick_ratio() >= LEAST_ALIKE else 0


def found(mutant, places):
    """The place most like a mutant's: statement, function around it, part; or None."""

    def closeness(site):
        statement = likeness(mutant["statement"], site["statement"])
        if statement < LEAST_ALIKE:
            return 0
        one, other = (Counter(x["around"].split()) for x in (mutant, site))
        around = 2 * (one & other).total() / (one.total() + other.total())
        weights = {"part": 1, "repeated": 0.5, "function": 0.3, "file": 0.1}
        same = sum(weights[key] for key in weights if mutant[key] == site[key])
        return statement + around + same

    same_kind = [site for site in places if site["kind"] == mutant["kind"]]
    best = max(same_kind, key=closeness, default=None)
    return best if best and closeness(best) else None


class Watch:
    """Puts the chosen tests in order, and notes what each takes and what it calls."""

    def __init__(self, root, chosen):
        self.root, self.chosen, self.noted, self.failed = root, chosen, {}, []

    def pytest_collection_modifyitems(self, items):
        if self.chosen:
            items[:] = [item for item in items if item.nodeid in self.chosen]
            items.sort(key=lambda item: self.chosen.index(item.nodeid))

    @contextmanager
    def noting(self, name):
        calls, start, outer = {}, sum(os.times()[:4]), sys.gettrace()
        if not self.chosen:
            sys.settrace(
                lambda frame, *_: calls.update({id(frame.f_code): frame.f_code})
            )
        yield
        sys.settrace(outer)
        seconds, called = self.noted.get(name, (0, ()))
        called = set(called)
        for code in calls.values():
            file = code.co_filename.removeprefix(f"{self.root}/")
            if file.startswith("derivations/"):
                called.add(f"{file}:{code.co_qualname.split('.<')[0]}")
        self.noted[name] = seconds + sum(os.times()[:4]) - start, sorted(called)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        with self.noting(collector.nodeid):
            yield

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item):
        with self.noting(item.nodeid):
            yield

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef, request):
        with self.noting(request.node.nodeid.split("::")[0]):
            yield

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed.append(report.nodeid)

    pytest_collectreport = pytest_runtest_logreport


def tested(root, files, chosen=(), seconds=3600):
    """What `Watch` noted in a process of its own; None when that took too long."""
    report = root / "report.json"
    report.unlink(missing_ok=True)
    if child := os.fork():
        os.waitpid(child, 0)
        return json.loads(report.read_text()) if report.exists() else None
    signal.alarm(int(30 * seconds))  # of waiting, on a busy machine
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))
    os.chdir(root)
    sys.path[0] = os.environ["PYTHONPATH"] = str(root)
    os.environ |= {"MPLBACKEND": "agg", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    sys.dont_write_bytecode = bool(chosen)  # what is there is of the tree, unchanged
    for stream in (1, 2):
        os.dup2(os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
    options = ["-q", "-p", "no:cacheprovider", "--doctest-modules"]
    try:
        watch = Watch(root, chosen)
        pytest.main([*options, *["-x"][: len(chosen)], *files], [watch])
        report.write_text(json.dumps({"failed": watch.failed, "noted": watch.noted}))
    finally:
        os._exit(0)


def survey(tree, work):
    """A copy of the tree, and for each of its tests: the seconds, what it calls."""
    root, notes = work / "tree", work / "tests.json"
    if not notes.exists():
        unneeded = shutil.ignore_patterns(".git", ".venv*", "node_modules", "_site")
        shutil.copytree(tree, root, ignore=unneeded, dirs_exist_ok=True)
        files = ["derivations"]
        for path in sorted(root.glob("tests/test_*.py")):
            imports = re.search(r"^(from|import) derivations", path.read_text(), re.M)
            if imports and path.stem.removeprefix("test_") not in ELSEWHERE.split():
                files.append(str(path.relative_to(root)))
        report = tested(root, files)
        print("failed without a mutation, left out:", report["failed"], flush=True)
        for name in report["failed"]:
            del report["noted"][name]
        notes.write_text(json.dumps(report["noted"]))
    return root, json.loads(notes.read_text())


def stages(site, tests, budget):
    """The tests of one mutant, the most telling first: a few, then those in time."""
    called = f"{site['file']}:{site['function']}"
    module, function = Path(site["file"]).stem, site["function"].split(".")[-1]
    is_seen = any(called in calls for _, calls in tests.values())

    def order(name):
        (seconds, calls), (shared, calls_of_file) = tests[name], tests[file_of(name)]
        is_called = called in calls or called in calls_of_file
        if not is_seen:  # a theorem is derived once, by whatever needs it first
            is_called = function in name
        return not is_called, module not in file_of(name), seconds + shared / 3

    ranked = sorted((name for name in tests if "::" in name), key=order)
    quick, rest = ranked[:12], []
    files = set(map(file_of, quick))
    for name in ranked[12:]:
        new = 0 if file_of(name) in files else tests[file_of(name)][0]
        if new + tests[name][0] < budget:
            budget -= new + tests[name][0]
            files.add(file_of(name))
            rest.append(name)
    return (quick, rest) if rest else (quick,)


def file_of(name):
    """The file of a test."""
    return name.split("::")[0]


def verdict(mutant, site, original, tests, budget):
    """What becomes of one mutant: killed, timeout or survived."""
    root = original.with_name(f"tree-{os.getpid()}")
    if not root.exists():
        shutil.copytree(original, root)
    path = root / site["file"]
    text, times = path.read_bytes(), path.stat()
    path.write_bytes(text[: site["start"]] + site["new"].encode() + text[site["end"] :])
    os.utime(path, (times.st_atime, times.st_mtime + 3600))  # not what was compiled
    state, killer = "survived", None
    for chosen in stages(site, tests, budget):
        files = list(dict.fromkeys(map(file_of, chosen)))
        limit = 20 + 4 * sum(tests[name][0] for name in chosen)
        report = tested(root, files, chosen, limit)
        if not report or report["failed"]:
            state = "killed" if report else "timeout"
            killer = report and report["failed"][0]
            break
    path.write_bytes(text)
    os.utime(path, (times.st_atime, times.st_mtime))
    alike = round(likeness(mutant["statement"], site["statement"]), 2)
    shown = {key: site[key] for key in ("file", "line", "kind", "statement", "new")}
    return {"state": state, "by": killer, "budget": budget, "alike": alike} | shown


def run(mutants, tree, results, jobs, budget):
    """Ask the tests about every mutant that is not known to be killed."""
    known = json.loads(results.read_text()) if results.exists() else {}
    work = Path(f"{results}.work").resolve()
    work.mkdir(exist_ok=True)
    for copied in work.glob("tree-*"):  # of a run that was interrupted
        shutil.rmtree(copied)
    root, tests = survey(tree, work)
    places = list(sites(root))
    with ProcessPoolExecutor(jobs, get_context("fork")) as pool:
        asked = {}
        for number, mutant in mutants.items():
            old = known.get(number, {"state": "survived", "budget": -1})
            if old["state"] != "survived" or old["budget"] >= budget:
                continue
            if site := found(mutant, places):
                task = pool.submit(verdict, mutant, site, root, tests, budget)
                asked[task] = number
            else:
                known[number] = {"state": "gone", "statement": mutant["statement"]}
                results.write_text(json.dumps(known, indent=1))
        for task in as_completed(asked):
            known[asked[task]] = task.result()
            results.write_text(json.dumps(known, indent=1))
            print(asked[task], known[asked[task]], flush=True)


def compare(before, after):
    """Print how many were killed, and each that was killed before and is not now."""
    for results in (before, after):
        print(Counter(result["state"] for result in results.values()))
    for number, old in before.items():
        new = after.get(number, {"state": "not asked"})
        if old["state"] in KILLED and new["state"] not in KILLED:
            print(f"{number}\n    {old}\n    {new}")


def main():
    """Sample, run or compare, as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["sample", "run", "compare"])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--budget", type=float, default=6, help="seconds for a mutant")
    parser.add_argument(
        "--alive", type=Path, help="ask about the survivors of this run"
    )
    given = parser.parse_args()
    match given.command, given.paths:
        case "sample", [tree, target]:
            target.write_text(json.dumps(dict(enumerate(sample(tree))), indent=1))
        case "run", [mutants, tree, results]:
            mutants = json.loads(mutants.read_text())
            alive = json.loads(given.alive.read_text()) if given.alive else {}
            for number in alive:
                if alive[number]["state"] in KILLED:
                    del mutants[number]
            run(mutants, tree, results, given.jobs, given.budget)
        case "compare", [before, after]:
            compare(*(json.loads(path.read_text()) for path in (before, after)))


if __name__ == "__main__":
    main()
