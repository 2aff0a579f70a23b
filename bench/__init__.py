"""Time and memory: imports, proofs, gradients, notebooks, each against the usual way.

side_by_side  ways that run in turn, in processes of their own; tables
goals         what is to be reached, in one table with a yes or a no
begin         the notebook's import and the command, against SymPy's import
proof         theorems for every n, against plain symbols at one n
gradient      the gradient in the logits, against NumPy, PyTorch and JAX
large         a softmax layer at a large vocabulary, against the same
notebooks     the series, against notebooks that only import
"""
