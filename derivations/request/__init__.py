"""What a reader asks in texts: read once, judged, and written in every format.

The command and the page of the book come through here, so both can do the same:

context     what holds: names, definitions, a case, hypotheses; answers judged there
questions   a question in any notation, with the definitions that it needs; how a
            derivation begins
rows        a text of several lines in rows, each with its reason
pasted      how a derivation of several lines begins
parameters  the letters of a loss that nobody declared, and what they most likely are
doubts      what of a loss is asked about before it is read
suggestions  lines with other letters for a loss that cannot be read
renaming    where a name stands in a text, and the text with another letter
lettering   which of our letters are the reader's, and formulas written in them
losses      a loss of the reader's own, with its proved gradient
signs       which numbers a letter of a loss most likely stands for
copying     a chain in each format, with a hypothesis in words where it is first used
data        a formula, a verdict, a loss as JSON can hold it
"""
