"""The softmax and cross-entropy gradient as chains of checked steps.

From the top down; a module imports from its own line and those below it alone:

grading      what a graded cell of an assignment runs: it fails unless ✓
notebook     the one import of a notebook: letters, checks, formulas typeset
__main__     the command: verify theorems, check an answer, derive a loss
summary      results on one page: theorems beside lines of NumPy
request      texts as a claim or a loss of one's own; the verdict and its formats
registry     what a reader may name: definitions, hypotheses, activations
theorems     what is proved, one module for each topic
loss         a loss of the reader's own: derived, judged, and as NumPy
origins      which terms of a line became which terms of the next one
proof        a chain of steps, each with a reason and a check
deciding     the verdict of both judges, what a claim lacks, the mistake in it
mistakes     what comes out of a question if one makes a usual mistake
refusals     what is no claim, and what to write instead
text         formulas as text, both ways: reading and printing
judges       for every n and at points: whether a claim is right
letters      what each symbol means; definitions and hypotheses
formulas     indices, sums, definitions and claims, of any letters
advice       words of a message, as they are said where they are read
"""
