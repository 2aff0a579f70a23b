"""The softmax and cross-entropy gradient as chains of checked steps.

`letters` is where to look a symbol up, `theorems` what is proved, `proof` what a step
is. Behind them: `terms` (what formulas are made of), the judges `calculus` (for every
n, with `rational`) and `points`, `verdict`, `refusals`, `signs`, `printing`; beside
them `own_loss` with `to_numpy`, and `notebook`, the one import of a notebook.
"""
