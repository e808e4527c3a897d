"""Measurements of speed, as ratios within one run: they depend little on the machine."""
