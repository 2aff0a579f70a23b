"""The tests of all rooms."""
