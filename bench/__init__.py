"""Side by side: proofs, gradients and notebooks, each against the usual way."""
