"""The explorers in real browsers: `make test-browser`."""
