"""A loss of the reader's own: derived, judged, and as code.

deriving       `derive`: the gradient of a loss, line by line
own_loss       a loss with its proved gradient: arrays, source, accuracy
lines          the chain of a loss, from the chain rule to the shortest gradient
forms          how a gradient is written: rewritings that make it short
softmaxes      e^{u_j}/Σ_k e^{u_k} by its name: a_j, or softmax(u)_j
refusals       arguments of `derive` that are refused, and what to write instead
constituents   rules for a formula: smooth functions, bound indices, declared letters
activations    how an output a_i may come from the logits
compiled       the form that is computed on floats: a program, and how exact it is
domain         where a loss has a value: denominators and logarithms that may have none
to_numpy       a program as a function of arrays
source         the same as Python source to paste, for NumPy, PyTorch or JAX
differences    the gradient of a program beside central differences of the loss
plot_data      the loss and its gradient as numbers of a plot
"""
