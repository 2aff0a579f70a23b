"""What a notebook shows of arrays: plots, explorers, tables of verdicts.

A plot is a figure whose `alt` says in words what it shows. Nothing is imported here, so
that the table of verdicts does not wait for Matplotlib.

    descriptions       numbers, labels and curves in words, for alt text
    figure             a figure in the style of the series, and colours that can be read
    bars               bar charts: logits, probabilities, labels and gradients
    heat_maps          matrices as colours: Jacobians, counts of a classifier, images
    line_charts        a sweep of one logit, losses and slopes, training
    simplex            the triangle of all probabilities, and descent on it
    computation_graph  the paths from a logit to the loss, with their slopes
    layer_shapes       the arrays of a layer as boxes: W X + b = Z and its gradients
    error_plots        errors over a size, also those that are 0 or no number
    explorers          bars of logits to drag, on any page that runs a script
    progress           the progress bar of a loop
    verdict_table      verdicts by name, as a table
"""
