"""A loss and its gradient as Python source to paste, for NumPy, PyTorch or JAX.

writing           the text of a module: `loss_and_gradient`, and what it needs
formulas          the steps of a program as lines of Python
conditions        for which parameters and labels a gradient holds, in words
layouts           classes first or last, and the head that says so
libraries         what differs from library to library: names, checks, the end
array_functions   functions that the text quotes for each library
with_numpy        what checks the arrays and the results, for NumPy and PyTorch
with_torch        what PyTorch says in other words; read as text, not imported
with_jax          the checks of JAX, where nothing is raised; read as text, too
"""
