"""Kept readings from the terminal: report, loops, diff, export, and what shells are taught."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Workspace
from tests.reports.test_parts import quiet, told
from tests.reports.test_report import GAP, world_with_loop
from tests.store.observations import account, observation, staged_run
from tests.web.scene import Scene, example, publish, scene
from tests.world import World
from topology import runs, store
from topology.graph import Meaning
from topology.management.completing import SHELLS, known
from topology.reports.formats import drawn, formats

LOOP = example()["loops"][0]


@pytest.fixture
def shop(db: None) -> Scene:
    """The workspace of the example report, and no other."""
    shown = scene()
    Workspace.objects.exclude(pk=shown.workspace.pk).delete()
    return shown


def said(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command prints."""
    call_command(*arguments)
    return capfd.readouterr().out


def test_a_reading_is_reported_in_any_format(shop, capfd, tmp_path):
    assert said(capfd, "report").startswith("LOOPS FOUND: 7")
    one = json.loads(said(capfd, "report", "--format", "json", "--loop", LOOP["fingerprint"]))
    assert [loop["fingerprint"] for loop in one["loops"]] == [LOOP["fingerprint"]]
    out = tmp_path / "loops.html"
    assert said(capfd, "report", "--format", "html", "--mask", "--out", str(out)) == ""
    page = out.read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "orders-totals" not in page


def test_loops_are_a_table_that_has_colours_only_on_a_terminal(shop, capfd, tmp_path):
    table = said(capfd, "loops")
    assert "7 loops found" in table
    assert "\x1b" not in table
    for loop in example()["loops"]:
        assert loop["fingerprint"] in table
    assert json.loads(said(capfd, "loops", "--format", "json"))["loops"]
    assert said(capfd, "loops", "--out", str(tmp_path / "table.txt")) == ""
    assert (tmp_path / "table.txt").read_text("utf-8") == table


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["report", "--loop", "0" * 16], "There is no loop 0000000000000000 in this reading."),
        (["report", "--account", "1"], "Account 1 was not read here."),
        (["report", "--moment", "77"], "There is no reading 77."),
        (["loops", "--workspace", "nowhere"], "There is no workspace 'nowhere': shop."),
        (["export", "--moment", "77"], "There is no reading 77."),
        (["diff", "1", "77"], "There is no reading 77."),
        (["diff", "1", "/nowhere.json"], "/nowhere.json cannot be read: No such file"),
        (["diff", "1", "README.md"], "README.md is not JSON."),
    ],
)
def test_what_is_not_there_is_one_line(arguments, complaint, shop):
    with pytest.raises(CommandError) as error:
        call_command(*arguments)
    assert str(error.value).startswith(complaint)


def test_it_asks_which_workspace_where_there_are_several(db):
    scene()
    with pytest.raises(CommandError, match="Which workspace\\? --workspace says: elsewhere, shop"):
        call_command("report")


def test_two_readings_are_compared_by_number(shop, capfd):
    fewer = example()
    fewer["loops"] = fewer["loops"][1:]
    publish(shop.workspace, fewer)
    changed = said(capfd, "diff", "2", "1")
    assert changed.startswith("What changed in Web shop since")
    assert f"NEW: LIVE        {LOOP['title']}" in changed
    table = said(capfd, "diff", "2", "1", "--format", "table")
    assert "Change" in table
    assert LOOP["fingerprint"] in table


def files(folder: Path, *documents: Any) -> list[str]:
    """JSON reports as files."""
    paths = [folder / f"{number}.json" for number in range(len(documents))]
    for path, document in zip(paths, documents, strict=True):
        path.write_bytes(formats()["json"].written(document))
    return list(map(str, paths))


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (told(quiet()), told(quiet()), 0),
        (told(quiet()), told(world_with_loop()), 1),
        (told(world_with_loop()), told(world_with_loop()), 0),
        (told(world_with_loop()), told(quiet(), gaps=(GAP,)), 3),
        (told(quiet()), told(world_with_loop(), gaps=(GAP,)), 1),
    ],
)
def test_a_pipeline_learns_of_new_loops_from_the_exit_code(before, after, code, tmp_path, capfd):
    operands = files(tmp_path, before, after)
    with pytest.raises(SystemExit) as exit_:
        call_command("diff", *operands, "--fail-on", "live")
    assert int(exit_.value.code or 0) == code
    said(capfd, "diff", *operands)  # and without being asked, there is no failure


def test_files_are_compared_under_masks_of_one_key(tmp_path, capfd, settings):
    operands = files(tmp_path, told(quiet()), told(world_with_loop()))
    plain = said(capfd, "diff", *operands, "--format", "json")
    assert "uploads" in plain
    settings.GIVEN_SECRET_KEY = "a server's secret"
    masked = said(capfd, "diff", *operands, "--format", "json", "--mask")
    assert "uploads" not in masked
    assert said(capfd, "diff", *operands, "--format", "json", "--mask") == masked
    settings.GIVEN_SECRET_KEY = ""
    assert said(capfd, "diff", *operands, "--format", "json", "--mask") != masked


def test_a_document_of_another_kind_is_refused(tmp_path):
    (tmp_path / "other.json").write_text("{}")
    (one, *_) = files(tmp_path, told(quiet()))
    with pytest.raises(CommandError, match=r"is no loopscope\.report/1"):
        call_command("diff", one, str(tmp_path / "other.json"))


@pytest.fixture
def graph(db: None) -> World:
    """A published reading of a small account with a loop."""
    world = world_with_loop()
    far = "arn:aws:sqs:eu-west-1:999999999999:far"
    world.edge(world.topic("news"), far, Meaning.FORWARDS, "sns.sub.sqs")
    run = staged_run(account(), observation(tuple(world.resources), tuple(world.edges)))
    store.publish(run)
    runs.analyse_latest(account().workspace)
    return world


@pytest.mark.parametrize("name", sorted(drawn()))
def test_the_whole_graph_is_exported_in_every_format_that_draws(name, graph, capfd):
    whole = said(capfd, "export", "--format", name)
    assert "uploads" in whole
    assert "news" in whole


@pytest.mark.parametrize("name", sorted(drawn()))
def test_a_masked_graph_names_nothing(name, graph, capfd):
    whole = said(capfd, "export", "--format", name, "--mask")
    assert "name-" in whole
    for secret in ("uploads", "news", "111122223333", "999999999999"):
        assert secret not in whole


def test_a_masked_graph_has_the_masks_of_a_masked_report(graph, capfd):
    told = [json.loads(line) for line in said(capfd, "export", "--mask").splitlines()]
    loop = json.loads(said(capfd, "report", "--format", "json", "--mask"))["loops"][0]
    edges = {each["id"]: each for each in told if each["type"] == "edge"}
    for hop in loop["edges"]:
        assert edges[hop["id"]]["source"] == hop["source"]
        assert edges[hop["id"]]["label"] == hop["label"]


def test_the_exported_graph_has_every_edge_and_every_end_once(graph, capfd):
    values = [json.loads(line) for line in said(capfd, "export").splitlines()]
    nodes = [each["id"] for each in values if each["type"] == "node"]
    edges = [each for each in values if each["type"] == "edge"]
    assert len(nodes) == len(set(nodes))
    assert {each[end] for each in edges for end in ("source", "target")} <= set(nodes)
    assert {edge.id for edge in graph.edges} <= {each["id"] for each in edges}
    assert len({each["id"] for each in edges}) == len(edges)
    assert {each["verdict"] for each in edges if each["source"].endswith(":jobs")} == {"guarded"}
    assert any(each["meaning"] == "writes" for each in edges)  # implied, and on a loop


def complete(script: str, *words: str) -> list[str]:
    """What bash would offer after these words."""
    line = " ".join(f"'{word}'" for word in words)
    program = (
        f"{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; "
        '_loopscope; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    bash = shutil.which("bash") or "bash"
    done = subprocess.run([bash, "-c", program], capture_output=True, check=True, text=True)
    return done.stdout.split()


def test_bash_completes_commands_options_and_their_values():
    script = SHELLS["bash"](known())
    assert "audit" in complete(script, "loopscope", "au")
    assert complete(script, "loopscope", "report", "--ma") == ["--mask"]
    for command in ("report", "loops", "diff", "export"):
        assert complete(script, "loopscope", command, "--se") == ["--server"]
    assert complete(script, "loopscope", "report", "--format", "sa") == ["sarif"]
    assert complete(script, "loopscope", "audit", "--fail-on", "l") == ["live"]
    assert complete(script, "loopscope", "completion", "") == list(SHELLS)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_can_read_their_scripts(shell, tmp_path):
    script = SHELLS[shell](known())
    for command in known():
        assert command.name in script
        for option in command.flags:
            assert option.flag.removeprefix("--") in script
    if not (program := shutil.which(shell)):
        pytest.skip(f"{shell} is not installed: its script was not read by it")
    path = tmp_path / "script"
    path.write_text(script)
    subprocess.run([program, "-n", str(path)], check=True, timeout=60)


def test_completion_needs_no_database_and_leaves_nothing(tmp_path):
    command = [str(Path(sys.executable).with_name("loopscope")), "completion", "bash"]
    clean = {
        "PATH": os.environ["PATH"]
    }  # a process of its own: here a secret key was made long ago
    done = subprocess.run(command, cwd=tmp_path, env=clean, check=True, capture_output=True)
    assert b"complete -F _loopscope loopscope" in done.stdout
    assert list(tmp_path.iterdir()) == []
