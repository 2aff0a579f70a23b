"""The theorems in the language of Rocq, and what its kernel says of them.

layout      text in lines, broken where it is too long
naming      the name of each thing, of which no other has it
unfolding   what defined letters stand for, and what they depend on
gallina     SymPy's expressions in Gallina, the language of Rocq's statements
section     a theorem as a section of a file: its context, a lemma for each step
export      the file of a topic; `make certificates` writes all of them
mutants     statements that are false, which Rocq has to refuse
reports     what Rocq prints, read; the words that no file may have
certify     `make certify`: all compiled, counted, and what they assume
"""
