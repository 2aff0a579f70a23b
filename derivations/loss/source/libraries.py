"""What the text for each library has of its own: names, and what it quotes."""

import ast
import re
from importlib import resources
from typing import NamedTuple

from derivations.formulas.caching import remembered

_BEHIND = "\n\n\n# Behind `loss_and_gradient`, which stands in the text\n\n\n"


class Library(NamedTuple):
    """A library: its name, what a text calls it, and the modules that are quoted.

    Its usual `layout` is taken where no other is asked for.  Of two functions of one
    name that of the later module is quoted.  Where `raises` is false, no number is
    refused by an error, and the note in the docstring says so.  Where it `may_skip`
    what is checked, the function takes check=False.
    """

    name: str
    short: str
    imports: str
    modules: tuple
    decorator: str = ""
    raises: bool = True
    may_skip: bool = False
    turned: str = "{short}.asarray({name}).T"
    layout: str = "classes last"
    note: str = ""

    def quoted(self, lines):
        """The text of the functions that lines call, with those that these call."""
        known = {}
        for module in self.modules:
            known |= _functions(module)
        waiting, needed = [x for x in known if f"{x}(" in lines], set()
        while waiting:
            name = waiting.pop()
            needed.add(name)
            tree, _ = known[name]
            used = {x.id for x in ast.walk(tree) if isinstance(x, ast.Name)}
            waiting += used & set(known) - needed
        return [
            re.sub(r"\bnp\.", f"{self.short}.", written)
            for name, (_, written) in known.items()
            if name in needed
        ]

    @property
    def package(self):
        """What pip calls it."""
        return self.imports.split()[1]

    @property
    def behind(self):
        """What stands behind `loss_and_gradient`: the losses, to differentiate."""
        _, _, behind = _room(self.modules[-1]).partition(_BEHIND)
        return [behind.rstrip()] if behind else []


LIBRARIES = {
    "numpy": Library(
        "NumPy",
        "np",
        "import numpy as np",
        ("array_functions", "with_numpy"),
        '@np.errstate(all="ignore")',
        layout="classes first",
    ),
    "pytorch": Library(
        "PyTorch",
        "torch",
        "import torch",
        ("array_functions", "with_numpy", "with_torch"),
        "@torch.no_grad()",
        may_skip=True,
        turned="_tensor({name}).t()",  # T is deprecated where there is one axis
        note="With check=False no number is refused: a check waits for the device, "
        "and torch.compile ends its graph there.",
    ),
    "jax": Library(
        "JAX",
        "jnp",
        "import jax\nimport jax.numpy as jnp",
        ("array_functions", "with_jax"),
        raises=False,
        note="Under jax.jit no number can be refused by an error: the loss and the "
        "gradient of an example are NaN where it breaks a condition, where its logits "
        "are too large, and where its loss is infinite. float64 needs jax_enable_x64.",
    ),
}
"""The libraries by the names that `OwnLoss.source` takes."""


@remembered
def _room(module):
    file = resources.files("derivations.loss.source").joinpath(f"{module}.py")
    return file.read_text("utf-8")


@remembered
def _functions(module):
    """The functions of a module that may be quoted: of each its tree and its text."""
    above, _, _ = _room(module).partition(_BEHIND)
    return {
        part.name: (part, ast.get_source_segment(above, part))
        for part in ast.parse(above).body
        if isinstance(part, ast.FunctionDef)
    }
