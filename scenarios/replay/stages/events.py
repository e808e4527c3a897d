"""What happens on a stage before a command: time moves, the config file changes, events occur.

A `Setting` is the part of a stage that events act on; every level has one.  A
new action is one row of `ACTIONS`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from fakes.world.prompter import Unscripted
from scenarios.replay.story.events import Action
from scenarios.replay.story.model import BadStory
from scenarios.replay.story.nearest import did_you_mean, nearest
from sts_simulator.account.account_table import DEFAULT_USER
from sts_simulator.account.durations import parse_duration
from sts_simulator.account.operations import OPERATIONS
from sts_simulator.account.regions import regions_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from scenarios.replay.story.events import Event
    from scenarios.replay.story.model import Step, Story
    from sts_simulator.account.account import Account


class Clock(Protocol):
    """The story's clock."""

    def now(self) -> datetime:
        """Return the present instant."""

    def sleep(self, pause: timedelta, /) -> None:
        """Move the clock on by `pause`, at once."""

    def move_to(self, instant: datetime, /) -> None:
        """Set the clock to this instant."""


class Keyring(Protocol):
    """The story's keyring: `state` is one of ``fakes.world.keyring.STATES``."""

    state: str


class Locks(Protocol):
    """The locks that allow one login per identity at a time."""

    def hold_elsewhere(
        self,
        name: str,
        span: timedelta,
        then: Callable[[], object] = ...,
        process: str = ...,
        /,
    ) -> None:
        """Have another process hold a lock for `span`, and call `then` before it is released.

        `process` is the id that it leaves in the lock file, "" for none.
        """


class State(Protocol):
    """The state folder, or the home folder.  Paths are inside it; "" is the folder itself."""

    def spoil(self, path: str, word: str, /) -> None:
        """Bring the trouble that a word of ``authkit.adapters.state_troubles`` stands for."""

    def mend(self, path: str, /) -> None:
        """End the trouble with a path."""


class Setting(Protocol):
    """What events act on.  `config` is the text of the config file, None when there is none."""

    config: str | None

    @property
    def account(self) -> Account:
        """The AWS account."""

    @property
    def clock(self) -> Clock:
        """The story's clock."""

    @property
    def keyring(self) -> Keyring:
        """The story's keyring."""

    @property
    def locks(self) -> Locks:
        """The locks."""

    @property
    def state(self) -> State:
        """The state folder."""

    @property
    def files(self) -> State:
        """The home folder, with files of the person's own."""

    def open_config(self) -> None:
        """Let others than the user write to the config file."""

    def log_in(self, name: str, code: str) -> None:
        """Log in to the identity in another process, whose screen is not part of the story."""


def prepare(setting: Setting, story: Story, step: Step) -> None:
    """Apply what comes before a step's command: its time, config file and events.

    Raises BadStory when an event cannot happen.
    """
    if step.at is not None:
        begins = step.at if isinstance(step.at, datetime) else story.now + step.at
        if begins < setting.clock.now():
            late = setting.clock.now().astimezone(story.zone)
            reason = f"'at' is {begins.astimezone(story.zone)}, and it is {late} by then"
            raise BadStory(story.path, step.line, f"{reason}: time does not run back")
        setting.clock.move_to(begins)
    if step.config is not None:
        setting.config = step.config if isinstance(step.config, str) else None
    for event in step.events:
        try:
            ACTIONS[event.action](setting, **event.words)
        except (LookupError, Unscripted) as error:
            reason = f"{event.text!r} cannot happen: {error.args[0]}{_nearest_user(event, story)}"
            raise BadStory(story.path, step.events_line, reason) from None


def _nearest_user(event: Event, story: Story) -> str:
    """Return the end of a reason: the user of the story whom an event is likely about, or ""."""
    keys, devices = story.account.get("keys", {}).values(), story.account.get("mfa", [])
    tables = [*keys, *(devices if isinstance(devices, list) else [devices])]
    users = {DEFAULT_USER, *(str(table["user"]) for table in tables if "user" in table)}
    named = event.words.get("user", DEFAULT_USER)
    near = "" if named in users else did_you_mean(named, sorted(users), or_list=False)
    return near and f"; {near}"


def _rotate(setting: Setting, user: str, key: str | None = None, secret: str | None = None) -> None:
    setting.account.administrator.rotate(user, key, secret)


def _advance(setting: Setting, span: str) -> None:
    setting.clock.sleep(parse_duration(span))


def _set_keyring(setting: Setting, state: str) -> None:
    setting.keyring.state = state


def _hold_lock(setting: Setting, name: str, span: str, process: str = "") -> None:
    setting.locks.hold_elsewhere(name, parse_duration(span), lambda: None, process)


def _log_in(setting: Setting, name: str, span: str, code: str = "") -> None:
    setting.locks.hold_elsewhere(name, parse_duration(span), lambda: setting.log_in(name, code))


def _add_device(setting: Setting, device: str, codes: str, user: str) -> None:
    setting.account.administrator.add_device(user, device, tuple(codes.split(",")))


def _switch_region(setting: Setting, region: str, setting_name: str, change: str) -> None:
    account = setting.account
    if region not in regions_of(account.partition):
        raise LookupError(f"the partition {account.partition} has no region {region}")
    off = getattr(account, setting_name)
    setattr(account, setting_name, off | {region} if change == "add" else off - {region})


def _deny(setting: Setting, user: str, operation: str, kind: str) -> None:
    account = setting.account
    if account.directory.user(user) is None:
        raise LookupError(f"there is no user {user}")
    if operation not in OPERATIONS:
        near = nearest(operation, OPERATIONS) or ", ".join(OPERATIONS)
        raise LookupError(f"STS has no operation {operation}; did you mean {near}?")
    account.policies.deny(user, operation, kind)


def _folder(setting: Setting, path: str) -> State:
    """Return the folder that a path of a sentence is in."""
    return setting.files if path.startswith("~/") else setting.state


def _inside(path: str) -> str:
    return path.removeprefix("~/")


def _suspend(setting: Setting, suspended: str) -> None:
    setting.account.suspended = bool(suspended)


ACTIONS: dict[Action, Callable[..., object]] = {
    Action.ROTATE: _rotate,
    Action.ACTIVATE: lambda setting, key: setting.account.administrator.activate(key),
    Action.DEACTIVATE: lambda setting, key: setting.account.administrator.deactivate(key),
    Action.DELETE_KEY: lambda setting, key: setting.account.administrator.delete_key(key),
    Action.DELETE_USER: lambda setting, user: setting.account.administrator.delete_user(user),
    Action.ADD_DEVICE: _add_device,
    Action.REMOVE_DEVICE: lambda setting, device: setting.account.administrator.remove_device(
        device
    ),
    Action.SWITCH_REGION: _switch_region,
    Action.DENY: _deny,
    Action.ALLOW: lambda setting, user, operation: setting.account.policies.allow(user, operation),
    Action.REVOKE: lambda setting, name: setting.account.revoke_sessions(name),
    Action.SUSPEND: _suspend,
    Action.ADVANCE: _advance,
    Action.SET_KEYRING: _set_keyring,
    Action.HOLD_LOCK: _hold_lock,
    Action.LOGGED_IN: lambda setting, name, code="": setting.log_in(name, code),
    Action.LOG_IN: _log_in,
    Action.SPOIL: lambda setting, path, word: _folder(setting, path).spoil(_inside(path), word),
    Action.MEND: lambda setting, path: _folder(setting, path).mend(_inside(path)),
    Action.OPEN_CONFIG: lambda setting: setting.open_config(),
}
