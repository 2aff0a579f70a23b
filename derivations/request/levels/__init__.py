"""The theorems as levels to derive oneself, in worlds; a reader's lines are judged.

worlds    which theorems are levels, in the order of the series
level     one level: what is asked, what may be used, a line judged, the goal reached
facts     what earlier levels have shown that a chain uses
hints     a possible next line in three steps: its reason, its form, the line
writing   whether two formulas are written alike, up to order
play      a level in a notebook
"""
