"""How a story's file becomes a test.

``story/`` says what a file means.  ``story.reading`` parses the TOML, checks it
against ``story.schema`` and returns a `Story`: the world at the beginning and a
list of steps.  The transcript of a step is parsed by ``story.transcript`` into
the lines that the screen must show and the answers that the person types.

``stages/`` runs steps.  ``stages.levels`` is a table of three levels, which
differ in how much of the world is real: ``fakes``, ``boto3`` and ``terminal``.
A level opens a `Stage` for one story.  The stage applies what comes before a
step's command (``stages.events``), runs the command, and returns an `Observed`:
screen, exit status, effects, keyring, session files.

``presentation/`` shows what was observed.  ``presentation.timeline`` puts screen,
effects, events, faults and jumps of time into one list; ``presentation.margin`` writes
it as text, ``presentation.diagram`` as a sequence diagram, and ``presentation.site``
as web pages.

``runner/`` decides.  ``runner.replay`` runs a story at a level, step by step;
``runner.compare`` compares each claim of a step with what was observed, and the
first step with a mismatch ends the story with a report (``runner.report``).

Two entry points use it.  ``runner.collect`` is the pytest plug-in: one test for
each file and level, or with ``--update`` a rewrite of the file
(``runner.update``).  ``runner.command`` is ``python -m scenarios``: its options are
a table; ``runner.printing`` prints.

A room imports only from itself and from the rooms above it in this text.
"""
