"""Gaussian mixtures: the model, its covariances, its data, and how a step is computed."""
