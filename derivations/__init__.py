"""The softmax and cross-entropy gradient as chains of checked steps.

Each module holds the theorems of one topic; `theorems` finds them by listing the
package, so a new theorem is a new function and nothing else changes.
"""

import gc
from importlib import import_module
from pkgutil import iter_modules

# What is imported by now, SymPy above all, stays until the end: without this the
# collector looks through all of it again while a notebook makes its first formulas.
gc.freeze()


def theorems():
    """Every theorem by its name, MODULE.FUNCTION, as a function that derives it.

    >>> from derivations import theorems
    >>> print(theorems()["softmax.case_unequal"]().result)
    -a[i]*a[j]
    """
    found = {}
    for module in iter_modules(__path__):
        if not module.name.startswith("_"):
            members = vars(import_module(f"{__name__}.{module.name}"))
            for name, member in members.items():
                here = getattr(member, "__module__", "") == f"{__name__}.{module.name}"
                if here and getattr(member, "is_theorem", False):
                    found[f"{module.name}.{name}"] = member
    return found
