"""What runs the learned models: the shipped ones, and an operator's own."""
