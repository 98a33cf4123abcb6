"""Drawn roads with lane lines and traffic lights: what the lane network is trained on, and how it is measured."""
