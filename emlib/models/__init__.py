"""Models: immutable values that hold their parameters, with pure E- and M-steps."""
