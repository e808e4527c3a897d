"""Which variables of a frame may still be read: the others are no part of its state.

It is told from the bytecode, so that it holds for a defect that is planted there too, and
says "may" where it is in doubt.  A variable counts if any instruction reads it that comes
behind, or in a loop around, or since the first value that waits on the frame's stack was
worked out: that value is seen by what it came from.
"""

from __future__ import annotations

import dis
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType

ENDS = ("RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE", "JUMP_FORWARD", "JUMP_BACKWARD")


@lru_cache(maxsize=8192)
def live(code: CodeType, offset: int) -> frozenset[str]:
    """Return the names of variables that may be read by the instruction there or by later ones."""
    instructions = [*dis.get_instructions(code)]
    begins = _expression(instructions, offset)
    for at in reversed(instructions):
        if "BACKWARD" in at.opname and at.offset >= begins:
            begins = min(begins, at.argval)
    found = {*code.co_cellvars, *code.co_freevars}
    of_loop = False  # whether a loop sets what is stored: that tells how far it is
    for at in instructions:
        of_loop = at.opname == "FOR_ITER" or (of_loop and at.opname.startswith(("STORE", "UNPACK")))
        if at.offset >= begins and "FAST" in at.opname and (of_loop or at.opname != "STORE_FAST"):
            found |= {*at.argval} if isinstance(at.argval, tuple) else {at.argval}
    return frozenset(found)


def _expression(instructions: list[dis.Instruction], offset: int) -> int:
    """Return where the first value was pushed that is on the stack, 0 if that cannot be told."""
    depths = _depths(instructions)
    *before, here = (at for at in instructions if at.offset <= offset)  # it may be in its cache
    lowest, begins = depths.get(here.offset), here.offset
    for at in reversed(before):
        depth = depths.get(at.offset)
        if lowest is None or depth is None:
            return 0
        if depth < lowest:
            lowest, begins = depth, at.offset
    return begins


def _depths(instructions: list[dis.Instruction]) -> dict[int, int]:
    """Return how many values are on the stack before each instruction, handlers left out."""
    places = {at.offset: place for place, at in enumerate(instructions)}
    depths: dict[int, int] = {}
    generates = any(at.opname == "RETURN_GENERATOR" for at in instructions)
    waiting = [(0, int(generates))]  # what is sent to a generator is on its stack
    while waiting:
        offset, depth = waiting.pop()
        if offset in depths:
            continue
        depths[offset] = depth
        at = instructions[places[offset]]
        if "JUMP" in at.opname or at.opname in {"FOR_ITER", "SEND"}:
            waiting.append((at.argval, depth + _effect(at, jump=True)))
        if not at.opname.startswith(ENDS) and places[offset] + 1 < len(instructions):
            after = instructions[places[offset] + 1]
            waiting.append((after.offset, depth + _effect(at, jump=False)))
    return depths


def _effect(at: dis.Instruction, *, jump: bool) -> int:
    return dis.stack_effect(
        at.opcode, at.arg if at.opcode >= dis.HAVE_ARGUMENT else None, jump=jump
    )
