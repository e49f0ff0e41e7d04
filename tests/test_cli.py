"""The command line: what it answers, where it answers, and with which exit status."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import pytest

from dronedeal import cli, workflow
from dronedeal.errors import StoppedError
from dronedeal.files import write_workbook
from dronedeal.results.verify.outcome import Failure, Verification
from dronedeal.workflow import plans

ROOT = Path(__file__).resolve().parent.parent
FIRST_DEAL = ROOT / "deals" / "first-deal"
COMMANDS = [
    "check", "match", "plan", "stress", "what-if", "alternatives", "negotiate", "offer", "term-sheet",
    "compare", "explain", "verify", "report", "schema", "new",
]  # fmt: skip
no_such_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals of this kind")
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a plan of the first deal."""
    out = tmp_path_factory.mktemp("planned") / "out"
    assert cli.run(["plan", str(FIRST_DEAL), "--out", str(out), "--gap", "0"]) == 0
    return out


def broken_deal(folder: Path) -> Path:
    """The first deal with two rows that point nowhere."""
    shutil.copytree(FIRST_DEAL, folder / "broken")
    prices = folder / "broken/shared/prices.csv"
    text = prices.read_text().replace("\nkestrel,", "\nkestral,").replace("\ncourier,", "\ncuorier,")
    prices.write_text(text)
    return folder / "broken"


def stderr_lines(capsys: Captured) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_every_command_is_listed() -> None:
    assert sorted(cli.command_names()) == sorted(COMMANDS)


def test_without_a_command_the_help_is_shown(capsys: Captured) -> None:
    assert cli.run([]) == 2
    captured = capsys.readouterr()
    shown = captured.out + captured.err
    assert all(f"  {name} " in shown for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(name: str, capsys: Captured) -> None:
    assert cli.run([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"Usage: dronedeal {name}" in shown
    assert f"Example: dronedeal {name} " in shown


def test_the_version_is_shown(capsys: Captured) -> None:
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("dronedeal 0.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plan", "x", "--out", "y", "--gap", "much"], "Invalid value for '--gap'"),
        (["plan", "x", "--out", "y", "--gaps", "1"], "No such option: --gaps"),
        (["plan", "x"], "Missing option '--out'"),
        (["deliver", "x"], "No such command 'deliver'"),
        (["check"], "no deal named; give a deal folder or a workbook, or --rules"),
        (["schema", "--format", "yaml"], "'yaml' is not one of 'markdown', 'json'"),
        (["plan", "x", "--out", "y", "--objective", "both"], "'both' is not one of 'joint'"),
        (["check", str(FIRST_DEAL), "--sides", "mine"], "sides: found 'mine'; allowed: shared"),
        (["match", str(FIRST_DEAL), "--system", "kestral"], "did you mean kestrel?"),
        (["new", "big", "--synthetic", "--systems", "0"], "systems is 0"),
        (["plan", "x", "--out", "y", "--cluster", "tcp://a:1"], "cluster: found tcp://a:1 without scenarios"),
        (["plan", str(FIRST_DEAL), "--out", "y", "--scenarios", "2", "--workers", "0"], "0 workers cannot"),
        (["stress", "x", "y", "--out", "z", "--tls-ca", "ca.pem"], "tls_ca: found without a cluster"),
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_used_ends_with_2(
    arguments: list[str], words: str, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["check"], ["match"], ["plan", "--out", "out"], ["verify", "plan.json"]])
def test_a_deal_that_is_not_there_ends_with_2(
    command: list[str], capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run([*command, "nowhere"]) == 2
    shown = capsys.readouterr().err
    assert ("plan.json" if command[0] == "verify" else "nowhere") in shown
    assert "Traceback" not in shown


def test_check_of_a_sound_deal_counts_what_it_read(capsys: Captured) -> None:
    assert cli.run(["check", str(FIRST_DEAL)]) == 0
    assert "The first deal\n3 systems, 2 lines, 2 requirements; 0 errors" in capsys.readouterr().out


@pytest.mark.parametrize("deal", sorted((ROOT / "deals").iterdir()), ids=lambda path: path.name)
def test_every_deal_that_comes_with_the_program_is_sound_and_matched(deal: Path, capsys: Captured) -> None:
    assert cli.run(["check", str(deal)]) == 0
    assert " 0 errors" in capsys.readouterr().out
    assert cli.run(["match", str(deal)]) == 0
    shown = capsys.readouterr()
    read = workflow.read(deal)
    assert all(f"{row.id}: " in shown.out for row in read.requirements)
    assert bool(workflow.check(read).warnings) == ("list them with: dronedeal check" in shown.err)


@pytest.mark.parametrize("command", [["match", str(FIRST_DEAL)], ["schema"]])
def test_no_file_that_exists_is_overwritten(command: list[str], tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "mine").write_text("mine")
    assert cli.run([*command, "--out", str(tmp_path / "mine")]) == 2
    assert "exists already, and is left as it is" in capsys.readouterr().err
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_workbook_serves_wherever_a_folder_does(planned: Path, tmp_path: Path, capsys: Captured) -> None:
    book = tmp_path / "first-deal.xlsx"
    write_workbook(workflow.read(FIRST_DEAL), book)
    assert cli.run(["check", str(book)]) == 0
    assert cli.run(["match", str(book)]) == 0
    assert cli.run(["verify", str(planned), str(book)]) == 0
    assert cli.run(["plan", str(book), "--out", str(tmp_path / "out"), "--gap", "0"]) == 0
    assert (tmp_path / "out/plan.json").read_bytes() == (planned / "plan.json").read_bytes()
    capsys.readouterr()


def test_errors_of_a_workbook_name_sheet_and_cell(tmp_path: Path, capsys: Captured) -> None:
    deal = workflow.read(FIRST_DEAL)
    prices = [row.model_copy(update={"system": "nobody"}) for row in deal.prices]
    write_workbook(deal.with_table("prices", prices), tmp_path / "deal.xlsx")
    assert cli.run(["check", str(tmp_path / "deal.xlsx")]) == 2
    assert "sheet prices, cell A" in capsys.readouterr().err


def test_check_names_every_error_on_its_own_line_with_its_address(tmp_path: Path, capsys: Captured) -> None:
    assert cli.run(["check", str(broken_deal(tmp_path))]) == 2
    captured = capsys.readouterr()
    found = [line for line in captured.err.splitlines() if "kestral" in line or "cuorier" in line]
    assert len(found) >= 2
    assert all(line.startswith("shared/prices.csv, line ") and ": error [" in line for line in found)
    assert captured.out == ""


@pytest.mark.parametrize("command", [["match"], ["plan", "--out", "out"]])
def test_a_deal_with_errors_is_neither_matched_nor_planned(
    command: list[str], tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = broken_deal(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert cli.run([*command, str(deal)]) == 2
    assert "kestral" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_rules_are_listed_by_name(capsys: Captured) -> None:
    assert cli.run(["check", "--rules"]) == 0
    shown = capsys.readouterr().out
    assert all(f"{name} (" in shown for name in workflow.rules())


def test_match_shows_who_meets_what_and_why_others_do_not(capsys: Captured) -> None:
    assert cli.run(["match", str(FIRST_DEAL)]) == 0
    shown = capsys.readouterr().out
    assert "patrol: 2 of 3 systems eligible" in shown
    assert "+ kestrel: effectiveness" in shown
    assert "- courier: " in shown


def test_match_can_be_narrowed_and_written_as_a_table(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "matching.csv"
    asked = [
        "match",
        str(FIRST_DEAL),
        "--requirement",
        "patrol",
        "--system",
        "kestrel",
        "--all",
        "--out",
        str(out),
    ]
    assert cli.run(asked) == 0
    shown = capsys.readouterr().out
    assert "supply" not in shown
    assert "role, " in shown
    header, *rows = out.read_text().splitlines()
    assert header.startswith("requirement,system,is_eligible,kind,subject")
    assert rows
    assert all(row.startswith("patrol,kestrel,true,") for row in rows)


def test_a_plan_is_written_with_its_report(planned: Path) -> None:
    names = {path.name for path in planned.iterdir()}
    assert names == {
        "plan.json", "plan.schema.json", "tables", "report.html", "plan.xlsx", "timings.json",
    }  # fmt: skip
    plan = json.loads((planned / "plan.json").read_text())
    assert plan["status"] == "optimal"
    assert plan["verification"]["is_passed"]
    assert plan["objective"] == pytest.approx(4_471_200)
    assert plan["utilities"] == {"buyer": pytest.approx(3_489_200), "seller": pytest.approx(982_000)}


def test_the_timings_name_every_stage(planned: Path) -> None:
    seconds = json.loads((planned / "timings.json").read_text())
    stages = ["read", "check", "assess", "build", "solve", "tables", "verify", "write", "report"]
    assert set(seconds) == {*stages, "solver", "total"}
    assert all(value >= 0 for value in seconds.values())
    assert sum(seconds[name] for name in stages) <= seconds["total"] + 0.001


def test_a_plan_is_the_same_on_every_run(planned: Path, tmp_path: Path) -> None:
    assert cli.run(["plan", str(FIRST_DEAL), "--out", str(tmp_path / "again"), "--gap", "0"]) == 0
    files = [path for path in planned.rglob("*") if path.is_file() and path.name != "timings.json"]
    different = [
        path.name for path in files
        if path.read_bytes() != (tmp_path / "again" / path.relative_to(planned)).read_bytes()
    ]  # fmt: skip
    assert different == []
    assert len(files) > 30


def test_the_summary_fits_on_a_screen(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["plan", str(FIRST_DEAL), "--out", "out", "--gap", "0"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    for words in (
        "The first deal",
        "optimal",
        "USD 4.47 million",
        "USD 3.49 million",
        "USD 982,000",
        "Verified",
        "report.html",
    ):
        assert words in text


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert cli.run(["plan", str(FIRST_DEAL), "--out", str(tmp_path)]) == 2
    assert "it holds thesis.txt" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_overwriting_replaces_a_plan_and_leaves_other_files(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    (tmp_path / "plan.json").write_text("old")
    assert cli.run(["plan", str(FIRST_DEAL), "--out", str(tmp_path), "--overwrite"]) == 0
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    assert json.loads((tmp_path / "plan.json").read_text())["title"] == "The first deal"
    assert not list(tmp_path.glob(".*"))


def test_a_plan_passes_its_check_alone(planned: Path, capsys: Captured) -> None:
    assert cli.run(["verify", str(planned), str(FIRST_DEAL)]) == 0
    assert "verification passed: " in capsys.readouterr().out


def test_a_changed_plan_fails_its_check_with_1(planned: Path, tmp_path: Path, capsys: Captured) -> None:
    plan = json.loads((planned / "plan.json").read_text())
    plan["tables"]["shipments"][0]["quantity"] += 1
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    assert cli.run(["verify", str(tmp_path / "plan.json"), str(FIRST_DEAL)]) == 1
    assert "verification FAILED" in capsys.readouterr().err


def test_a_changed_plan_is_not_reported(planned: Path, tmp_path: Path, capsys: Captured) -> None:
    plan = json.loads((planned / "plan.json").read_text())
    plan["tables"]["shipments"][0]["quantity"] += 1
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    out = tmp_path / "out"
    assert cli.run(["report", str(tmp_path / "plan.json"), str(FIRST_DEAL), "--out", str(out)]) == 2
    assert "fails its check and is not reported" in capsys.readouterr().err
    assert not out.exists()


def test_the_report_of_a_plan_can_be_made_again(planned: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert cli.run(["report", str(planned), str(FIRST_DEAL), "--out", str(out)]) == 0
    assert (out / "report.html").read_bytes() == (planned / "report.html").read_bytes()
    assert (out / "plan.xlsx").exists()


def test_a_plan_that_fails_its_check_is_never_reported(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    failure = Failure("stock_balance", "kestrel 2027-03", "3", "2", 1.0, "stock does not balance")
    monkeypatch.setattr(plans, "verify_by_arithmetic", lambda plan, deal: Verification((), (failure,)))
    assert cli.run(["plan", str(FIRST_DEAL), "--out", str(tmp_path / "out")]) == 70
    shown = capsys.readouterr()
    assert "[stock_balance] kestrel 2027-03: stated 3, computed 2" in shown.err
    assert shown.out == ""
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["failed-check.json"]


@pytest.mark.parametrize("form", ["markdown", "json"])
def test_the_schema_is_printed_or_written(form: str, tmp_path: Path, capsys: Captured) -> None:
    assert cli.run(["schema", "--format", form]) == 0
    printed = capsys.readouterr().out
    assert cli.run(["schema", "--format", form, "--out", str(tmp_path / "schema")]) == 0
    assert (tmp_path / "schema").read_text() == printed
    assert "requirement_quantities" in printed
    if form == "json":
        assert json.loads(printed)


@pytest.mark.parametrize("options", [[], ["--workbook"]])
def test_a_template_is_made_once(options: list[str], tmp_path: Path, capsys: Captured) -> None:
    place = str(tmp_path / "mine")
    assert cli.run(["new", place, *options]) == 0
    assert "is ready; next: dronedeal check" in capsys.readouterr().out
    assert cli.run(["new", place, *options]) == 2
    assert "choose another name" in capsys.readouterr().err


def test_a_made_up_deal_is_sound(tmp_path: Path, capsys: Captured) -> None:
    size = ["--systems", "6", "--lines", "6", "--requirements", "4", "--seed", "2"]
    assert cli.run(["new", str(tmp_path / "made-up"), "--synthetic", *size]) == 0
    assert cli.run(["check", str(tmp_path / "made-up")]) == 0
    assert "6 systems, 6 lines, 4 requirements; 0 errors" in capsys.readouterr().out


def raise_error(error: BaseException) -> Any:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    return fail


def test_a_fault_of_the_program_asks_for_a_report(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workflow, "check", raise_error(RuntimeError("a wheel came off")))
    assert cli.run(["check", str(FIRST_DEAL)]) == 70
    shown = capsys.readouterr().err
    assert "Please report it" in shown
    assert "RuntimeError: a wheel came off" in shown
    assert "Traceback" not in shown


def test_debugging_shows_where_a_fault_happened(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workflow, "check", raise_error(RuntimeError("a wheel came off")))
    assert cli.run(["--debug", "check", str(FIRST_DEAL)]) == 70
    assert "Traceback (most recent call last)" in capsys.readouterr().err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), StoppedError("stopped before any plan was found")])
def test_a_stop_without_a_plan_ends_with_130(
    error: BaseException, capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(workflow, "plan_to_folder", raise_error(error))
    assert cli.run(["plan", str(FIRST_DEAL), "--out", str(tmp_path / "out")]) == 130
    assert "stopped" in capsys.readouterr().err


def test_a_stop_while_a_library_is_read_is_no_fault(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An extension that is stopped as it is imported raises an ImportError from the stop."""

    def stopped(*_: object, **__: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as stop:
            raise ImportError("initialization failed") from stop

    monkeypatch.setattr(workflow, "plan_to_folder", stopped)
    assert cli.run(["plan", str(FIRST_DEAL), "--out", str(tmp_path / "out")]) == 130
    assert "stopped on request" in capsys.readouterr().err
    monkeypatch.setattr(workflow, "plan_to_folder", raise_error(ImportError("no such library")))
    assert cli.run(["plan", str(FIRST_DEAL), "--out", str(tmp_path / "out")]) == 70


def test_the_module_runs_as_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dronedeal", "check", str(FIRST_DEAL)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 errors" in done.stdout


def test_a_terminal_that_knows_few_signs_still_gets_its_text() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dronedeal", "match", str(FIRST_DEAL), "--all"],
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.returncode == 0
    assert b"kestrel" in done.stdout


@no_such_signals
def test_a_second_ctrl_c_aborts_without_a_trace(tmp_path: Path) -> None:
    workflow.new(tmp_path / "deal", synthetic=workflow.SyntheticSize(30, 30, 20, seed=4))
    command = [sys.executable, "-m", "dronedeal", "plan", "deal", "--out", "out", "--gap", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        messages = process.stderr.readline()
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.01)
        messages += process.stderr.read()
    assert process.returncode == 130, messages
    assert "Traceback" not in messages
    assert not (tmp_path / "out").exists()


@no_such_signals
def test_ctrl_c_keeps_the_best_plan_so_far(tmp_path: Path) -> None:
    workflow.new(tmp_path / "deal", synthetic=workflow.SyntheticSize(25, 25, 16, seed=4))
    command = [sys.executable, "-m", "dronedeal", "plan", "deal", "--out", "out", "--gap", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        messages, is_sent = "", False
        for line in process.stderr:
            messages += line
            if ": best" in line and "best none yet" not in line and not is_sent:
                process.send_signal(signal.SIGINT)
                is_sent = True
        printed, _ = process.communicate(timeout=120)
    assert process.returncode == 0, messages
    assert "stopping with the best plan so far" in messages
    plan = json.loads((tmp_path / "out/plan.json").read_text())
    assert (plan["status"], plan["termination"]) == ("feasible", "interrupted")
    assert plan["verification"]["is_passed"]
    assert "feasible" in printed
