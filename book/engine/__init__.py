"""Python in the reader's browser: how it is made, and what it answers.

answers           a request in JSON, and its answer: a verdict, a formula, a copy
levels            about a level: what may come next, whether a line is its goal
losses            about a loss of the reader's own: the gradient, a plot, a check
parts             the texts and lists of a request, and their limits
sample_requests   a request of every kind, with the answer that it should have
build             the folder that a browser loads: Pyodide, SymPy, the modules above
compiling         modules that a browser needs, compiled without docstrings
snapshot          before a snapshot of the engine's memory is taken, and after
importing         imports modules from a zip, and reads each once
web_worker.js     loads Python in a web worker, and passes requests to `answers`
compile_in_pyodide.mjs   runs `compiling` in Pyodide's own Python, in node
"""
