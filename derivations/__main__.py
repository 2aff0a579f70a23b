"""`python -m derivations`: verify every theorem, print one chain, or judge a formula.

    python -m derivations
    python -m derivations logits.by_jacobian --format markdown
    python -m derivations check "dz = a - y" --using H1
    python -m derivations check "a_j - y_j" --of "dL/dz_j" --using H1
    python -m derivations loss "-Sum(y[k]*log(a[k]), (k, 1, n))" --using H1
    python -m derivations loss "-Sum(y[k]*log(a[k]), (k, 1, n))" --source pytorch

`check` and `loss` say by their status: 0 right, 1 wrong, 2 unreadable, 3 undecided,
5 right with a definition or a hypothesis that was not given.  The status of --help is
4: it is no verdict.  A formula may begin with a minus, such as -h; behind -- every
argument is a formula.
"""

import argparse
import sys
import time

from derivations.advice import Door, at_door
from derivations.judges.verdict import NotDecidedError
from derivations.registry import registry
from derivations.request.copying import PLAIN
from derivations.text.unreadable import Unreadable
from derivations.theorems import catalogue, theorem_named

RIGHT, WRONG, UNREADABLE, UNDECIDED = range(4)
HELP = 4  # no verdict
CONDITIONAL = 5  # right with what was not given
OPTIONS = {"--of", "--where", "--case", "--parameter", "--using"}  # of `check`
OPTIONS |= {"--activation", "--source", "--help"}  # of `loss`, and of both
STATUS = {"✓": RIGHT, "✗": WRONG, "?": UNDECIDED, "◐": CONDITIONAL}
"""The status of the command, by the mark of the verdict."""


def main(arguments=None):
    """Run the command; its status is 1 when a theorem fails, 2 for a wrong name."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] in (["check"], ["loss"]):
        return judged(*arguments)
    parser = argparse.ArgumentParser(
        prog="python -m derivations",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("name", nargs="?", help="a theorem, such as softmax.case_equal")
    parser.add_argument("--format", choices=PLAIN, default="text")
    if {"-h", "--help"} & set(arguments):
        parser.print_help()
        return HELP
    _refuse_twice(parser, arguments, {"--format"})
    options = parser.parse_args(arguments)
    if options.name is None:
        return 1 if verify(catalogue()) else 0
    derive_it = theorem_named(options.name)
    if derive_it is None:
        known = ", ".join(catalogue())
        parser.error(f"there is no theorem {options.name!r}; there are {known}")
    print(PLAIN[options.format](derive_it()))
    return 0


def verify(known):
    """Print steps, points, verdict and time of each theorem; return the failures."""
    width = max(map(len, ["theorem", *known]))
    print(f"{'theorem':{width}} steps points  seconds  verdict")
    failures, begin = [], time.perf_counter()
    for name, derive_it in known.items():
        start = time.perf_counter()
        steps = ()
        try:
            steps = derive_it().steps
            if not steps:
                raise ValueError("it has no steps")
            verdict = f"proved for {steps[-1].verdict.every}"
        except Exception as problem:  # one that fails must not hide the others
            failures.append(f"{name}: {problem}")
            verdict = "FAILED"
        points = sum(x.verdict.points for x in steps)
        seconds = time.perf_counter() - start
        print(f"{name:{width}} {len(steps):5} {points:6} {seconds:8.2f}  {verdict}")
    total = time.perf_counter() - begin
    print(f"{len(known)} theorems, {len(failures)} failed, {total:.2f} s")
    for failure in failures:
        print(failure, file=sys.stderr)
    return failures


def judged(kind, *arguments):
    """Run `check` or `loss` on texts; the status says how it went.

    What reads a text takes long to load, and so does what derives a loss: each is
    imported by the command that needs it.
    """
    from derivations.request.context import UnknownNameError  # noqa: PLC0415

    parser = argparse.ArgumentParser(
        prog=f"python -m derivations {kind}",
        epilog="Exit status: 0 right, 1 wrong, 2 unreadable, 3 undecided, 4 this help, "
        "5 right if you add what was not given. A formula may begin with a minus; "
        "after -- every argument is a formula.",
        allow_abbrev=False,
    )
    run = {"check": _check, "loss": _loss}[kind](parser)
    given = _formulas_marked(arguments)
    if arguments == ("-h",) or "--help" in given:
        parser.print_help()
        return HELP
    _refuse_twice(parser, given, OPTIONS)
    options = parser.parse_args(given)
    try:
        return run(options)
    except UnknownNameError as problem:
        return parser.error(str(problem))
    except NotDecidedError as problem:
        print(at_door(problem, Door.COMMAND))
        return UNDECIDED
    except (TypeError, ValueError) as problem:  # Unreadable too, and what is refused
        print(at_door(problem, Door.COMMAND), file=sys.stderr)
        return UNREADABLE


def _refuse_twice(parser, arguments, options):
    """End where an option is given twice: argparse would take the last one alone."""
    named = [argument.partition("=")[0] for argument in arguments]
    for name in options:
        if named.count(name) > 1:
            parser.error(f"{name} is given twice")


def _formulas_marked(arguments):
    """The arguments; what begins with a minus and is no option begins with a space.

    So argparse takes it for a text: -h is minus h, and --a[j] is a[j].

    >>> _formulas_marked(["-h", "--of", "-1", "--of=-n", "--a[j]"])
    [' -h', '--of', ' -1', '--of=-n', ' --a[j]']
    >>> _formulas_marked(["--", "--of"])
    ['--', ' --of']
    """
    marked = []
    for argument in arguments:
        is_option = argument.partition("=")[0] in OPTIONS and "--" not in marked
        is_text = not is_option and argument.startswith("-") and argument != "--"
        marked.append(f" {argument}" if is_text else argument)
    return marked


def _check(parser):
    from derivations.request.questions import asked  # noqa: PLC0415

    parser.description = "Judge a formula: is it equal to another one, for every n?"
    words = 'your formula in any notation, such as a_j - y_j, or "dz = a - y"'
    parser.add_argument("answer", help=words)
    words = "what it must equal, such as dL/dz_j; by default its own left side"
    parser.add_argument("--of", help=words)
    words = 'names of definitions that hold, or "L := -log(a[c])"; else chosen for you'
    parser.add_argument("--where", nargs="*", help=words, metavar="NAME")
    parser.add_argument("--case", default="", help='"i = j" or "i != j"')
    _add_parameters_and_hypotheses(parser)

    def run(options):
        of = None if options.of is None else options.of.strip()
        where = None if options.where is None else map(str.strip, options.where)
        case, parameters = options.case.strip(), _parameters(options)
        holds, question, given = asked(
            options.answer.strip(), of, where, case, parameters
        )
        verdict = holds.check_sides(given, question, holds.using(options.using))
        print(given.asked_of(question))
        print(f"{verdict.mark} {verdict.at(Door.COMMAND).sentence}")
        return STATUS[verdict.mark]

    return run


def _loss(parser):
    from derivations.loss.source.conditions import holds_for  # noqa: PLC0415
    from derivations.loss.source.libraries import LIBRARIES  # noqa: PLC0415
    from derivations.request.losses import own_loss  # noqa: PLC0415

    parser.description = "Derive the gradient dL/dz[j] of a loss, for every n."
    parser.add_argument("loss", help="such as -Sum(y[k]*log(a[k]), (k, 1, n))")
    words = f"{', '.join(registry().activations)}, or the value of a[i] as a text"
    parser.add_argument("--activation", default="softmax", help=words)
    words = "also print it as Python source for a library"
    parser.add_argument("--source", choices=LIBRARIES, help=words)
    _add_parameters_and_hypotheses(parser)

    def run(options):
        activation, parameters = options.activation.strip(), _parameters(options)
        own = own_loss(options.loss.strip(), activation, parameters, options.using)
        print(own.chain, own, holds_for(own), sep="\n")
        if options.source:
            print(f"\n{own.source(options.source)}")
        return RIGHT if own.verdict else UNDECIDED

    return run


def _add_parameters_and_hypotheses(parser):
    words = "such as gamma:positive, w[k]:nonnegative, T:real, or q:0..1 for 0 < q < 1"
    parser.add_argument("--parameter", nargs="*", default=[], help=words)
    known = registry().hypotheses
    words = "; ".join(f"{name}: {fact.sentence}" for name, fact in known.items())
    parser.add_argument("--using", nargs="*", default=[], choices=known, help=words)


def _parameters(options):
    """The pairs of a name and a sign, or a range, that are written gamma:positive."""
    pairs = [written.strip().partition(":")[::2] for written in options.parameter]
    for name, sign in pairs:
        if not sign:
            words = "write gamma:positive, gamma:real, or a range such as gamma:0..1"
            raise Unreadable(words, name, len(name))
    return pairs


if __name__ == "__main__":
    sys.exit(main())
