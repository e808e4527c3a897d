"""Faults that are planted to see that each law of a target of fuzzing can be broken.

A row says in which targets the corpus (or some drawn inputs) shows the fault, which law breaks,
and where the fault goes, as for ``tests.planted.patch``.
"""
