"""The arrays behind `helpers`: NumPy for the numbers, Matplotlib for the pictures.

From the bottom up: a module imports only from those above its line. A reader imports
`helpers`, which names what is public.

    inputs           what is accepted, and how the rest is refused
    threads          threads that share the rows of an array
    peak_memory      how much memory this process has used at its peak
    labels           labels as a gradient in blocks needs them
    blocks           the gradient of large logits, one block after another
    linear           a layer with a large vocabulary, whose Z is never stored whole
    softmax          the mathematics: softmax, cross-entropy, A − Y, the Jacobian
    sharded          the same on many devices, in JAX, which only this imports
    comparisons      the comparison of two arrays, as a sentence
    gradient_checks  numerical gradients, and the check of a gradient by one
    data             the digits of notebook 08
    pictures         the plots, the explorers and the table of verdicts
"""
