"""A loss of the reader's own: derived, judged, and as NumPy.

deriving       `derive`: the gradient of a loss, line by line
forms          how a gradient is written: rewritings that make it short
refusals       arguments of `derive` that are refused, and what to write instead
constituents   rules for a formula: smooth functions, bound indices, declared letters
activations    how an output a_i may come from the logits
stability      how a formula is computed without overflow
to_numpy       a formula as a function of arrays
numpy_source   the same as Python source, to paste
plot_data      the loss and its gradient as numbers of a plot
"""
