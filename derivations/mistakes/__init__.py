"""Usual mistakes: which wrong answer each of them leads to.

Each mistake gives candidates: claims that are true if it was made in an answer.
`deciding` asks both judges, and says only what they prove.

mistake     a mistake by its name, its place in the series, its candidates
places      where the series derives what is asked
registry    all of them, those with the fewest assumptions first
cases       right in one case only; the transpose; a delta that is lost
chain_rule  terms left out, the inner derivative forgotten, a wrong sum
factors     a sign, 1/m, the base of a logarithm, a constant, or one that is left out
softmaxes   a softmax applied twice, along the wrong axis, or differentiated wrongly;
            a term in place of all others
difference  one term too many, one too few, or one in place of another
terms       right but for a sign, one factor or one entry
"""
