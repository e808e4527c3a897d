"""Figures that are measured, not tested: ratios of one run, so that machines do not matter."""
