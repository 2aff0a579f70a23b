"""Sources of the pages, in Markdown and notebooks, for Sphinx; the *.md have marks.

sphinx_sources            all sources written to a folder, marks such as {{loss}} filled
notebooks                 notebooks as pages, with links to theorems
folded_code               what the code of a cell does, in a line
values                    values of Python that a cell shows, as numbers
exercises                 exercises that are answered with a formula, as questions
questions                 a page for each question that learners ask
wrong_answers             published wrong answers, each with what the judges say
levels                    the levels to derive oneself, as a map
path                      the path of small questions, each answered by a tap
theorems                  a page for each theorem, and the index by topic
chains                    a theorem's chain as HTML, with the data that a script needs
linked_terms              where the terms of a chain come from, as data for a script
own_derivation_and_loss   forms for a reader's own derivation and own loss
anchors                   anchors of headings, as JupyterLab makes them
"""
