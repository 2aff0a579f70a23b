"""Usual mistakes: what comes out of a question if one makes them.

Each gives candidates, claims that are true of an answer in which it was made; `proof`
lets the judges decide, and only what they prove is said.

mistake     a mistake by its name, its place in the series, its candidates
registry    all of them, those with the fewest assumptions first
cases       right in one case only; the transposed; a delta that is dropped
chain_rule  terms left out, the inner derivative forgotten, a sum over the wrong index
factors     a sign, 1/m, the base of a logarithm, a constant
softmaxes   a softmax applied twice, or along the wrong axis
terms       right but for one term, one factor or one letter
"""
