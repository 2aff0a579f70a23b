"""The series as a site of plain files: `python -m book`."""
