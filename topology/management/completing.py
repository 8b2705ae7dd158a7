"""Completion scripts for shells, from the parsers of the commands.

Source: https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html,
https://zsh.sourceforge.io/Doc/Release/Completion-System.html,
https://fishshell.com/docs/current/completions.html
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command; without ``flag``, what stands by itself."""

    flag: str
    says: str
    choices: tuple[str, ...]
    takes_value: bool
    takes_file: bool


@dataclass(frozen=True, slots=True)
class Known:
    """One command."""

    name: str
    says: str
    options: tuple[Option, ...]

    @property
    def flags(self) -> Sequence[Option]:
        """The options that begin with hyphens."""
        return [each for each in self.options if each.flag]

    @property
    def operands(self) -> Sequence[Option]:
        """The others."""
        return [each for each in self.options if not each.flag]


def known() -> list[Known]:
    """Loopscope's own commands by name, without the options that Django gives all of its own."""
    base = {each.dest for each in BaseCommand().create_parser("", "")._actions}
    commands = []
    for name, app in sorted(get_commands().items()):
        if app == "topology":
            command = load_command_class(app, name)
            actions = command.create_parser("loopscope", name)._actions
            options = tuple(_option(each) for each in actions if each.dest not in base)
            commands.append(Known(name, command.help, options))
    return commands


def _option(action: argparse.Action) -> Option:
    return Option(
        action.option_strings[0] if action.option_strings else "",
        " ".join((action.help or "").split()),
        tuple(map(str, action.choices or ())),
        action.nargs != 0,
        action.type is Path or action.dest in ("before", "after"),
    )


def bash(commands: Sequence[Known]) -> str:
    """A function of bash, and the line that binds it."""
    return "\n".join(
        [
            "_loopscope() {",
            '  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}"',
            '  if [ "$COMP_CWORD" -eq 1 ]; then',
            f"    {_words([each.name for each in commands])}",
            "    return",
            "  fi",
            '  case "${COMP_WORDS[1]}:$prev" in',
            *(f"    {line}" for each in commands for line in _bash_values(each)),
            "  esac",
            '  case "${COMP_WORDS[1]}" in',
            *(f"    {each.name}) {_bash_words(each)} ;;" for each in commands),
            "  esac",
            "}",
            "complete -F _loopscope loopscope",
            "",
        ]
    )


def _bash_values(command: Known) -> Iterator[str]:
    for each in command.flags:
        if each.choices:
            yield f"{command.name}:{each.flag}) {_words(each.choices)}; return ;;"
        elif each.takes_file:
            yield f'{command.name}:{each.flag}) COMPREPLY=($(compgen -f -- "$cur")); return ;;'
        elif each.takes_value:
            yield f"{command.name}:{each.flag}) return ;;"


def _bash_words(command: Known) -> str:
    words = [each.flag for each in command.flags]
    words += [choice for each in command.operands for choice in each.choices]
    files = any(each.takes_file for each in command.operands)
    return _words(words) + ('; COMPREPLY+=($(compgen -f -- "$cur"))' if files else "")


def _words(words: Sequence[str]) -> str:
    return f'COMPREPLY=($(compgen -W {shlex.quote(" ".join(words))} -- "$cur"))'


def zsh(commands: Sequence[Known]) -> str:
    """A completion function of zsh."""
    described = " ".join(shlex.quote(f"{each.name}:{each.says}") for each in commands)
    cases = [
        f"    {each.name}) _arguments {' '.join(_zsh(option) for option in each.options)} ;;"
        for each in commands
    ]
    return "\n".join(
        [
            "#compdef loopscope",
            "_loopscope() {",
            f"  local -a commands=({described})",
            "  if (( CURRENT == 2 )); then _describe command commands; return; fi",
            "  local command=$words[2]",
            "  shift words; (( CURRENT-- ))",
            "  case $command in",
            *cases,
            "  esac",
            "}",
            "compdef _loopscope loopscope",
            "",
        ]
    )


def _zsh(option: Option) -> str:
    said = "".join(char for char in option.says if char not in "[]:'\\")
    values = f"({' '.join(option.choices)})" if option.choices else ""
    action = values or ("_files" if option.takes_file else "")
    if not option.flag:
        return shlex.quote(f":{said}:{action}")
    value = f":value:{action}" if option.takes_value else ""
    return shlex.quote(f"*{option.flag}[{said}]{value}")


def fish(commands: Sequence[Known]) -> str:
    """Lines of ``complete`` for fish."""
    lines = ["complete -c loopscope -f"]
    for command in commands:
        said = shlex.quote(command.says)
        lines.append(f"complete -c loopscope -n __fish_use_subcommand -a {command.name} -d {said}")
        lines += [_fish(command.name, each) for each in command.options]
    return "\n".join([*lines, ""])


def _fish(command: str, option: Option) -> str:
    words = ["complete", "-c", "loopscope", "-n", f"__fish_seen_subcommand_from {command}"]
    if option.flag:
        words += ["-l", option.flag.removeprefix("--"), "-d", option.says]
    if option.takes_file:
        words += ["-r", "-F"] if option.flag else ["-F"]
    elif option.takes_value and option.flag:
        words.append("-x")
    if option.choices:
        words += ["-a", " ".join(option.choices)]
    return shlex.join(words)


SHELLS: Mapping[str, Callable[[Sequence[Known]], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
