"""Asking a person for the fields of a kind.  Generic: fields are data, no AWS here (B-K02)."""

from __future__ import annotations

from authkit.core import render
from authkit.core.failures import NobodyToAsk
from authkit.core.model import MASK, Question, Secret, Values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from authkit.core.kinds import Field
    from authkit.core.ports import Prompter, Screen, World

CLEAR = "-"  # as an answer to an optional field: leave it out


def somebody(world: World, otherwise: str, **facts: object) -> Prompter:
    """Return somebody to ask.  Raises NobodyToAsk, with this message, where there is nobody."""
    if world.prompter is None:
        raise NobodyToAsk(otherwise, why=world.unasked, **facts)
    return world.prompter


def fill(fields: Iterable[Field], present: Values, prompter: Prompter, screen: Screen) -> Values:
    """Ask for every field in turn, `present` values as defaults; return all that are set then.

    Those that are not asked for stay as they are.  Raises Cancelled.  A present secret
    is offered only while the credentials asked for before it are the present ones,
    since it belongs to them.
    """
    answers = Values()
    fits = True
    for field in fields:
        default = present.get(field.name, "")
        if field.secret and not fits:
            default = ""
        answers[field.name] = ask(field, default, prompter, screen)
        fits = fits and (not field.required or answers[field.name] == default)
    kept = {name: value for name, value in present.items() if name not in answers}
    return Values({**kept, **answers}).without_blanks()


def ask(field: Field, default: str | Secret, prompter: Prompter, screen: Screen) -> str | Secret:
    """Ask for one field until the answer is valid (B-K05); return "" when it is left out.

    Raises Cancelled.
    """
    shown = MASK if field.secret and default else render.visible(default)
    question = Question(field.label(shown), field.secret)
    while True:
        answer = render.typed(prompter.ask(question))
        if not answer and (default or not field.required):
            return default
        if answer == CLEAR and not field.required:
            return ""
        try:
            return field.checked(answer)
        except ValueError as error:
            screen.say(render.refusal(error), close=True)
