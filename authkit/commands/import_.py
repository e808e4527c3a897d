"""authkit import: identities made of AWS profiles, of the console's CSV, of the environment."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from authkit import again
from authkit.arguments import usage
from authkit.aws_files.editing import changed
from authkit.commands.user_configure import Present, Trial
from authkit.core import config, endings, entries, render
from authkit.core.failures import CANCELLED, FAILED, USAGE, Failure, KeyringTrouble, StateTrouble
from authkit.core.messages import IMPORT_HINTS
from authkit.core.render import folded, text
from authkit.core.rules import Action
from authkit.importing import config_tables, plan, questions, removal, sources
from authkit.importing.found import NotTaken
from authkit.importing.removal import Removed
from authkit.login import form
from authkit.login.lock import single_flight

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from authkit.arguments import Options
    from authkit.core.failures import CallFailed
    from authkit.core.ports import World
    from authkit.core.rules import Rule
    from authkit.importing.found import Place
    from authkit.importing.plan import Step
    from authkit.importing.sources import Source


def run(world: World, options: Options) -> int:
    """Show what becomes of each, and do it; return 1 if what was asked for is not all done.

    Raises Failure, KeyringTrouble, StateTrouble.
    """
    _check(world, options)
    config.lock_timeout(world.environ)  # a wrong one is told before anything is asked
    source = sources.of(world, options)
    if any(one.kind.fields for one in source.found):
        world.keyring.unlock(writing=True)
    steps, not_taken = _planned(world, source)
    if steps:
        world.screen.say(text("import-plan", rows=plan.rows(steps)))
    if not_taken:
        world.screen.say(text("import-not", rows=plan.reasons(not_taken)))
    doing = Doing(world, options, fresh=source.fresh)
    try:
        stay = doing.run(steps)
    except (Failure, KeyringTrouble, StateTrouble) as trouble:
        raise doing.ended_by(trouble) from trouble
    failed = [one.name for one in not_taken if one.wrong or source.asked] + doing.refused
    _tell(world, options, doing, failed)
    there = [one.name for one in not_taken if one.there]
    if there and world.prompter is None:
        facts = {"names": ", ".join(there), "command": again.attended(options)}
        world.screen.say(folded(text("import-there", why=world.unasked, **facts)))
    others = [one.name for one in not_taken if one.name not in failed]
    if others:
        world.screen.say(folded(text("import-others", names=", ".join(others))))
    return FAILED if failed or stay else 0


def _tell(world: World, options: Options, doing: Doing, failed: Sequence[str]) -> None:
    """Say what was imported in the end, what of that which was asked for was not, and what next."""
    if failed:
        world.screen.say(folded(text("import-left", names=", ".join(failed))))
    if doing.done:
        login = again.command(options, "login", doing.done[-1].name)
        names = ", ".join(one.name for one in doing.done)
        world.screen.say(folded(text("import-done", names=names, login=login)))
    elif not failed:
        world.screen.say(text("import-nothing-done"))


def _check(world: World, options: Options) -> None:
    """Refuse options that do not go together, and a config file that cannot be written."""
    sources = [*filter(None, (options.csv and "--csv", options.env and "--env"))]
    if options.all:
        sources.append("--all")
    if len(sources) > 1:
        raise usage(f"{sources[0]} and {sources[1]} do not go together", options.name)
    if options.remove and (options.csv or options.env):
        raise usage(
            f"{sources[0]} leaves nothing to --remove: that is for AWS's own files", "import"
        )
    if options.all and options.profiles:
        raise usage("--all and --profile do not go together", options.name)
    if world.config.path.startswith("/dev/"):  # --config <(command)
        raise Failure("import-config-ends", USAGE, path=world.config.path)


# What is done.


def _planned(world: World, source: Source) -> tuple[list[Step], list[NotTaken]]:
    """Return what is to be done, and what is not: unasked, nothing is put in another's place."""
    known = config.read(world.config)
    steps = [plan.step(world, known, one) for one in source.found]
    content = world.config.read() or b""
    fit, not_taken = plan.fitting(steps, content, world.config)
    kept = [one for one in fit if one.differs and not _may_replace(world, one)]
    not_taken += [
        NotTaken(
            one.name,
            f"there is one already, and {' and '.join(one.differs)}",
            wrong=True,
            there=True,
        )
        for one in kept
    ]
    fit, without_source = plan.reached([s for s in fit if s not in kept], [s.name for s in kept])
    return fit, [*source.not_taken, *not_taken, *without_source]


def _may_replace(world: World, step: Step) -> bool:
    if world.prompter is None:
        return False
    differs, rows = " and ".join(step.differs), plan.rows([step])
    said = text("import-differs", identity=step.name, differs=differs, rows=rows)
    world.screen.say(folded(said))
    return form.ask(questions.REPLACE, "", world.prompter, world.screen) == questions.YES


class Doing:
    """Saves the keys of one identity after the other, and keeps account of it.

    Keys that AWS refuses keep no others from being saved.
    """

    def __init__(self, world: World, options: Options, *, fresh: bool) -> None:
        self.done: list[Step] = []
        self.refused: list[str] = []
        self._saving: Step | None = None  # its entry is being written, or that was cut off
        self._cut_off = ""  # what became of it then
        self._cancelled = False
        self._world = world
        self._options = options
        self._verify = not options.no_verify
        self._fresh = fresh

    def run(self, steps: Iterable[Step]) -> bool:
        """Do it all; return whether keys had to stay in AWS's files.

        Raises Failure, KeyringTrouble, StateTrouble.
        """
        try:
            for one in steps:
                self.take(one)
        except KeyboardInterrupt:
            self._cancelled = True
            raise
        finally:  # whatever ends it: what is saved gets its table
            self._write_config()
        return self._options.remove and _remove(self._world, self.done)

    def ended_by(self, trouble: Failure | KeyringTrouble | StateTrouble) -> Failure:
        """Return what it ends with, which says what is done already."""
        failure = trouble if isinstance(trouble, Failure) else endings.ended_by(trouble)
        if self._cancelled:  # and then the tables could not be written
            failure.status = CANCELLED
        saved = [one.name for one in self.done if one.saves]
        said = [str(text("saved-unmarked", identity=", ".join(saved)))] if saved else []
        if self._cut_off:
            said.append(self._cut_off)
        if said:
            own = str(failure.values.get("done", ""))
            names = ("nothing-changed", "nothing-saved", "keys-not-saved", "nothing-removed")
            nothing = set(map(text, names))
            failure.values["done"] = " ".join([*said, *({own} - nothing - {self._cut_off})])
        return failure

    def _write_config(self) -> None:
        """Write the tables of what is saved, and say so.  Raises Failure."""
        kept = [*self.done]
        if self._saving and self._may_be_saved(self._saving):
            kept.append(self._saving)
        tables, path = plan.tables(kept), self._world.config.path
        if tables:
            elsewhere = self._world.config.kind
            change = partial(config_tables.written, tables=tables, path=path, elsewhere=elsewhere)
            changed(self._world.files, path, change)
            names = ", ".join(f"[{render.table_name(name)}]" for name in tables)
            told = folded(render.visible(names), width=render.WIDTH - 2)  # behind two blanks
            self._world.screen.say(text("import-tables", path=path, names=told))

    def _may_be_saved(self, step: Step) -> bool:
        """Tell whether the keyring has the keys of a step, or that cannot be told; note what."""
        try:
            saved = entries.load(self._world.keyring, step.identity.kind, step.name)
        except KeyringTrouble as trouble:
            self._cut_off = text("stopped")
            return trouble.state not in plan.NO_ENTRY
        if saved != step.values.without_blanks():
            return False
        self._cut_off = text("saved-unmarked", identity=step.name)
        return True

    def take(self, step: Step) -> None:
        """Import an identity, as far as its keys go.  Raises Failure, KeyringTrouble."""
        try:
            self._save(step)
        except Refusal as failure:
            self._world.screen.say(folded(again.said(self._world, self._options, failure)))
            self.refused.append(step.name)
        else:
            self.done.append(step)
            self._saving = None

    def _save(self, step: Step) -> None:
        source = step.identity.settings.get("source", "")
        if source in self.refused:
            raise Refusal("import-no-source", identity=step.name, source=source)
        if not step.saves:
            return
        with single_flight(self._world, step.name):
            keys = Present(self._world, step.identity)
            trial = Imported(self._world, keys, step.values, verify=self._verify)
            trial.fresh = self._fresh
            if not (self._verify or self._options.no_verify):  # STS is away, and is not needed
                trial.check_partition()
            taken = trial.run()
            self._verify = trial.verify  # where STS cannot be reached, it is not tried again
            with self._world.keyring.alone():
                if plan.entry_now(self._world, step.identity) != step.before:
                    raise Refusal("import-keys-changed", identity=step.name)
                keys.offer_devices = True  # the next login asks for one, where none came along
                self._saving = step
                keys.save(trial.values, taken=taken)


class Refusal(Failure):
    """These keys are not imported; others may be."""


class Imported(Trial):
    """Keys to import; what AWS refuses is not saved, and nothing is asked."""

    asks = False
    command, hints = "{again}", IMPORT_HINTS
    fresh = False  # whether IAM may not have spread them yet

    def done(self, *, cut_off: bool = False) -> str:  # noqa: ARG002 - nothing is ever half done
        """Return that nothing of this identity was changed: others may be saved already."""
        return text("nothing-of-it-changed", identity=self.identity.name)

    def replace_device(self, reason: str) -> None:
        """End it: the profile has to be set right."""
        raise Refusal("import-device", identity=self.identity.name, reason=reason)

    def check_partition(self) -> None:
        """Refuse an MFA device of another partition than the region's."""
        try:
            super().check_partition()
        except Failure as failure:
            reason = text("import-partition", **failure.values)
            raise Refusal("import-device", identity=self.identity.name, reason=reason) from None

    def keys_are_spreading(self, trouble: CallFailed) -> bool:
        """Tell whether to wait for the keys: a CSV may be of seconds ago, a profile is old."""
        return self.fresh and super().keys_are_spreading(trouble)

    def stop(self, rule: Rule, trouble: CallFailed) -> None:
        """End it with what the row says; other keys may be good."""
        if rule.action in {Action.REPLACE_KEYS, Action.REPLACE_SECRET}:
            of_secret = rule.action is Action.REPLACE_SECRET
            name = "import-secret-wrong" if of_secret else "import-refused"
            facts = {"identity": self.identity.name, "done": self.done()}
            raise Refusal(name, meaning=self.meaning(rule, trouble), **facts)
        try:
            super().stop(rule, trouble)
        except Failure as failure:
            raise Refusal(failure.name, **failure.values) from None


def _remove(world: World, done: Iterable[Step]) -> bool:
    """Take the keys that are saved out of AWS's files; return whether any had to stay."""
    stays = False
    gone: dict[str, list[int]] = {}  # by file: the lines of it that are taken out, as it had them
    for one in done:
        if place := one.found.place:
            made = _without(world, one, place)
            facts = {"identity": one.name, "path": place.path}
            if made.reason:
                world.screen.say(text("import-stays", reason=made.reason, **facts))
            elif made.lines:
                before = gone.setdefault(place.path, [])
                lines = [removal.as_before(line, before) for line in made.lines]
                before += lines
                shown = " and ".join(map(str, lines))
                world.screen.say(text("import-removed", lines=shown, **facts))
            else:
                world.screen.say(text("import-gone", **facts))
            stays = stays or bool(made.reason)
    return stays


def _without(world: World, step: Step, place: Place) -> Removed:
    """Take an identity's keys out of a file of AWS's, if the keyring has them when read back."""
    try:
        saved = entries.load(world.keyring, step.identity.kind, step.name)
        if any(saved.get(name) != value for name, value in step.found.values.items()):
            return Removed(None, reason="the keyring holds others by now")
        change = partial(removal.without_keys, found=step.found)
        return changed(world.files, place.path, change)
    except KeyringTrouble as trouble:
        return Removed(None, reason=f"the keyring cannot be read: {trouble.reason}")
    except Failure as trouble:
        return Removed(None, reason=str(trouble.values.get("reason", "other programs write it")))
