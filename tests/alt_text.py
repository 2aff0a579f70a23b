"""A step of `make notebooks`: the words of a picture, also where a book looks for them.

MyST reads alt text from the metadata of a cell, exported pages from that of an output.
"""

from nbconvert.preprocessors import Preprocessor


class AltText(Preprocessor):
    """Copy the alt text of a picture from an output to the metadata of its cell."""

    def preprocess_cell(self, cell, resources, index):
        """The cell with its alt text, if it shows a picture."""
        for output in cell.get("outputs", []):
            alt = output.get("metadata", {}).get("image/png", {}).get("alt")
            if alt:
                cell.metadata["mystnb"] = {"image": {"alt": alt}}
        return cell, resources
