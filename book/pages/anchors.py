"""The anchors of headings."""


def slug(heading):
    """The anchor of a heading as JupyterLab makes it: only spaces are replaced.

    >>> slug("What ✓ means, and what not")
    'What-✓-means,-and-what-not'
    """
    return heading.replace(" ", "-")
