"""Where there is something to import, what is chosen of it, and what it is called."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from authkit import again
from authkit.arguments import usage
from authkit.aws_files import profiles
from authkit.core import config, render
from authkit.core.failures import USAGE, Failure
from authkit.core.names import normal
from authkit.core.render import Visible, text
from authkit.importing import from_csv, from_files, questions
from authkit.importing.found import Found, NotTaken
from authkit.login import form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from authkit.arguments import Options
    from authkit.core.ports import World
    from authkit.importing.from_csv import Row
    from authkit.importing.from_files import Profiles


ALL = "all"  # the answer


class Source(NamedTuple):
    """What there is to import: identities, and what cannot be one.

    `fresh` tells that the keys may have been made seconds ago; `asked`, that they were
    named or chosen, and not all taken.
    """

    found: Sequence[Found]
    not_taken: Sequence[NotTaken]
    fresh: bool = False
    asked: bool = True


def of(world: World, options: Options) -> Source:
    """Return what the line asks for.  Raises Failure, Cancelled."""
    if options.csv:
        path = world.files.path(options.csv)
        content = world.files.read(path)
        if content is None:
            raise Failure("import-no-csv", USAGE, path=path)
        return _rows(world, options, path, partial(from_csv.rows, content))
    if options.env:
        take = partial(from_csv.from_environment, world.environ)
        return _rows(world, options, "The environment", lambda: [take()])
    paths = profiles.config_file(world), profiles.credentials_file(world)
    config_path, credentials_path = paths
    both = from_files.Profiles(
        from_files.config_file(config_path, world.files.read(config_path)),
        from_files.credentials_file(credentials_path, world.files.read(credentials_path)),
    )
    for path, fault in both.faults:
        world.screen.say(text("import-line", path=path, line=fault.line, reason=fault.reason))
    if not both.all:
        first = again.first(options, config.read(world.config))
        facts = {"config": config_path, "credentials": credentials_path}
        raise Failure("import-nothing", **facts, first=first)
    names, asked = _wanted(world, options, both)
    return Source(*both.find(names), asked=asked)


def _wanted(world: World, options: Options, both: Profiles) -> tuple[list[str], bool]:
    """Return the profiles that are asked for or chosen, and whether by name: not all of them."""
    if options.all:
        return [*both.all], False
    spelt = {normal(name): name for name in both.all}
    if options.profiles:
        for name in options.profiles:
            if normal(name) not in spelt:
                near = render.nearest_is(name, both.all) or f": {', '.join(both.all)}"
                raise usage(f"There is no profile {name}{near}", options.name)
        return list(dict.fromkeys(spelt[normal(name)] for name in options.profiles)), True
    prompter = world.prompter
    if prompter is None:
        listed = ", ".join(both.all)
        raise Failure("import-which", USAGE, names=listed, why=world.unasked)
    world.screen.say(text("import-choose", rows=_choices(both)))
    names = [*both.all]

    def chosen(answer: str) -> str:
        _choice(answer, names)
        return answer

    which = questions.WHICH.replaced(validator=chosen)
    answer = str(form.ask(which, "", prompter, world.screen))
    return _choice(answer, names), answer != ALL


def _choices(both: Profiles) -> Visible:
    """Return all profiles as lines with numbers; what cannot be imported has the reason."""
    _, not_taken = both.find(both.all)
    why = {one.name: f"cannot be imported: {one.reason}" for one in not_taken}
    lines = ((f"  {number}", name, why.get(name, "")) for number, name in enumerate(both.all, 1))
    return Visible("\n".join(render.listed(lines)))


def _choice(answer: str, names: Sequence[str]) -> list[str]:
    """Return the profiles that an answer means.  Raises ValueError with a reason."""
    if answer == ALL:
        return [*names]
    if answer == questions.WHICH.default and answer not in names:
        return []
    numbers = {str(number): name for number, name in enumerate(names, 1)}
    words = [answer] if answer in names else answer.replace(",", " ").split()
    chosen = [word if word in names else numbers.get(word, "") for word in words]
    if "" in chosen:
        raise ValueError(f"there is no {words[chosen.index('')]} among them")
    return list(dict.fromkeys(chosen))


def _rows(world: World, options: Options, where: str, read: Callable[[], Sequence[Row]]) -> Source:
    """Return the identities of keys that are not a profile's: the option names one, or the CSV."""
    try:
        rows = read()
    except ValueError as error:
        raise Failure("import-unreadable", where=where, reason=error) from None
    if not rows:
        raise Failure("import-unreadable", where=where, reason="there is no key in it")
    found, not_taken = list[Found](), list[NotTaken]()
    for name, row in _named(world, options, rows):
        try:
            found.append(row.identity(name))
        except ValueError as error:
            not_taken.append(NotTaken(name, str(error), wrong=True))
    return Source(found, not_taken, fresh=True)


def _named(world: World, options: Options, rows: Sequence[Row]) -> Iterable[tuple[str, Row]]:
    """Return the names of the identities that are to be made, with what they are made of."""
    names = [*options.profiles]
    if len(rows) == 1 and len(names) <= 1:
        name = names[0] if names else rows[0].user
        return [(name or _ask_name(world, options), rows[0])]
    by_user = {normal(row.user): row for row in rows if row.user}
    for name in names:
        if normal(name) not in by_user:
            raise usage(f"There is no user {name}{render.nearest_is(name, by_user)}", options.name)
    if len(by_user) < len(rows) and not names:
        raise usage("It has several keys, and does not tell whose they are", options.name)
    wanted = [normal(name) for name in names] or [*by_user]
    return [(name, by_user[name]) for name in wanted]


def _ask_name(world: World, options: Options) -> str:
    prompter = world.prompter
    if prompter is None:
        raise Failure("import-name", USAGE, why=world.unasked, line=again.line(options))
    return str(form.ask(questions.NAME, "", prompter, world.screen))
