"""The arrays behind `helpers`: NumPy for the numbers, Matplotlib for the pictures.

Each room imports only from rooms above it; a reader imports `helpers`, which names
what is public.

    inputs      what is accepted, and how the rest is refused
    softmax     the mathematics: softmax, cross-entropy, A − Y, the Jacobian
    sharded     the same on many devices and machines, in JAX, which only this imports
    checks      numerical gradients, and the comparison of two arrays
    data        the digits of notebook 08
    words       numbers and labels for the text that stands for a picture
    drawing     what several pictures are made of, in the one style
    diagrams    paths and boxes: what is multiplied with what
    pictures    the plots
    explorers   pictures that answer in any page, and the bar of a loop
"""
