"""What a reader asks in texts: read once, judged, and written in every format.

The command and the page of the book come through here, so both can do the same:

context     what holds: names, definitions, a case, hypotheses; answers judged there
questions   a question in any notation, with the definitions that it needs; how a
            derivation begins
prose       words between the formulas of a pasted text
rows        a text of several lines in rows, each with its reason
beside      what a pasted text has beside its question, judged
pasted      how a derivation of several lines begins
renaming    where a name stands in a text, and the text with another letter
lettering   which of our letters are the reader's, and formulas written in them
exercises   the letters of an answer, and right or wrong ones that are refused
levels      the theorems as levels to derive oneself, with hints
losses      a loss of the reader's own, with its proved gradient
loss_letters  its letters, which nobody declared
copying     a chain in each format, with a hypothesis in words where it is first used
data        a formula, a verdict, a loss as JSON can hold it
"""
