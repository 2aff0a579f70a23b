"""How formulas are written: every script, every shape, and what each part means.

tokens         a text as a row of tokens, from its characters to names and layers
parsing        tokens as a tree, by the grammar in formula.lark
meaning        what a tree means: names, groups, powers
entries        entries of arrays, what an index may be, and the example above
sums           terms with their signs, and Σ
products       rows of factors, and what has two meanings in them
differentials  derivatives: dL/dz_j, ∇_z L
calls          functions of numbers and of arrays
outputs        the softmax; H(p), CE(y, p) and KL(q || p) in a loss
shapes         arrays, and the rules of mathematics and of NumPy for them
bounds         numbers and powers that stay small and real
"""
