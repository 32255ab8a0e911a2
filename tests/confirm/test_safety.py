"""Nothing of the user's is run, read out or printed raw: programs that try it, and children that should die."""

from __future__ import annotations

import io
import json
import os
import py_compile
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import keraslint
from keraslint import cli, keras_api, reader, rules
from keraslint.confirm import Report, Session, Settings, Verdict, confirm, permitted, report
from keraslint.confirm.plan import Plan
from keraslint.confirm.variants import Source, cases
from keraslint.graph import Confidence, Program, Span
from keraslint.printable import printable
from keraslint.rules import Finding

HEAD = """\
import keras
import tensorflow as tf
from keras import layers
"""

REFUSES = """
import json, sys
for line in sys.stdin:
    job = json.loads(line)
    print(json.dumps({"job": job["job"], "event": "error", "phase": "building", "error": "planned"}), flush=True)
    print(json.dumps({"job": job["job"], "event": "done", "warnings": []}), flush=True)
"""
"""A child that would do whatever it is told, and says only that it was told something."""


def check(program: Program) -> list[Finding]:
    """What is wrong with the program but for layers that Keras refuses by themselves."""
    found = rules.check(program, rules.Options())
    refused = ("keras-incompatible-shape", "keras-required-argument")
    return [finding for finding in found if finding.rule and finding.rule.symbol not in refused]


def with_layer(layer: str, compiled: str = 'optimizer="adam", loss="mse"') -> str:
    return f"""\
{HEAD}
head = [layers.LayerNormalization(), layers.Flatten(), layers.Dense(1, activation="softmax")]
model = keras.Sequential([keras.Input((8,)), {layer}, *head])
model.compile({compiled})
"""


def verdict_of(source: str) -> Verdict:
    with Session(Settings(), (sys.executable, "-c", REFUSES)) as session:
        (verdict,) = confirm(source, "program.py", reader.read, check, session=session).verdicts
    return verdict


SERIALIZED = '{"class_name": "Lambda", "module": "evil", "config": {}}'


@pytest.mark.parametrize(
    "layer",
    [
        'layers.TFSMLayer("saved_model")',
        "layers.JaxLayer(print)",
        'layers.IntegerLookup(vocabulary="/etc/passwd")',
        'layers.StringLookup(vocabulary="/etc/passwd")',
        'layers.StringLookup(vocabulary=["a"], output_mode="tf_idf", idf_weights="/etc/passwd")',
        'layers.Embedding(4, 4, weights="weights.npy")',
        f"layers.Dense(4, activation={SERIALIZED})",
        f"layers.deserialize({SERIALIZED})",
        "layers.Dense(4, activation=keras.utils.get_file)",
        "layers.Dense(4, activation=keras.models.load_model)",
        "layers.Dense(4, activation=tf.io.read_file)",
        "layers.Dense(4, activation=exec)",
        'keras.models.load_model("model.keras")',
        'keras.applications.MobileNet(weights="weights.h5")',
    ],
)
def test_what_reads_or_runs_is_never_sent_to_the_child(layer: str) -> None:
    verdict = verdict_of(with_layer(layer))
    assert verdict.verdict == "inconclusive"
    assert verdict.evidence is None, verdict.reason


@pytest.mark.parametrize(
    "layer",
    [
        "layers.Lambda(lambda x: x * 2)",
        f"layers.Dense(4, kernel_initializer={SERIALIZED})",
        f'layers.Dense(4, kernel_regularizer={{"deep": [{SERIALIZED}]}})',
        f"layers.Dense(4, kernel_initializer=keras.initializers.get({SERIALIZED}))",
        'layers.Dense(4, kernel_initializer=keras.utils.get_file("x", "http://localhost/x"))',
    ],
)
def test_what_a_model_can_do_without_is_left_out(layer: str) -> None:
    source = with_layer(layer)
    program = reader.read(source, "program.py")
    (case,) = cases(Source(source, "program.py", program, check(program), reader.read, check), None)
    sent = " ".join(plan.key for plan in case.plans)
    assert sent
    assert not any(word in sent for word in ("Lambda", "evil", "get_file", "class_name", "localhost"))


@pytest.mark.parametrize(
    "layer",
    [
        "layers.IntegerLookup(vocabulary=[1, 2, 3])",
        "layers.Hashing(10, salt=3)",
        'layers.Dense(4, activation="relu", kernel_initializer="he_normal", kernel_regularizer="l2")',
        "layers.Dense(4, kernel_constraint=keras.constraints.MaxNorm(2), activation=keras.activations.relu)",
        'layers.Bidirectional(layers.LSTM(4, return_sequences=True), merge_mode="sum")',
        'layers.Conv1D(4, 3, padding="same", data_format="channels_last", name="first")',
    ],
)
def test_what_only_computes_is_sent(layer: str) -> None:
    assert verdict_of(with_layer(layer).replace("(8,)", "(8, 3)")).evidence is not None


@pytest.mark.parametrize("argument", ["metrics", "optimizer"])
def test_a_serialized_object_in_compile_is_left_out(argument: str) -> None:
    value = f"[{SERIALIZED}]" if argument == "metrics" else SERIALIZED
    verdict = verdict_of(with_layer("layers.Dense(4)", f'loss="mse", {argument}={value}'))
    assert any("serialized" in assumption for assumption in verdict.assumptions)


@pytest.mark.parametrize(
    "name",
    [
        "keras.layers.Dense.__init__",
        "keras.ops.__class__",
        "keras.src.utils.file_utils.get_file",
        "keras.utils.FeatureSpace",
        "keras.utils.get_file",
        "keras.saving.load_model",
        "keras.layers.deserialize",
        "keras.losses.get",
        "keras.layers.StringLookup.set_vocabulary",
        "keras.callbacks.CSVLogger",
        "keras.callbacks.RemoteMonitor",
        "keras.datasets.mnist.load_data",
        "keras.Model",
        "operator.attrgetter",
        "operator.methodcaller",
        "operator.__builtins__",
        "os.system",
        "tensorflow.io.write_file",
        "tensorflow.py_function",
        "keras",
        "",
    ],
)
def test_a_name_that_nobody_has_allowed_is_refused(name: str) -> None:
    with pytest.raises(permitted.Refused):
        permitted.refuse({"reference": name})


def test_every_layer_that_takes_a_path_or_code_was_thought_of() -> None:
    """Parameters that sound like it, of all permitted layers of the newest Keras, are none that text may go to."""
    suspicious = ("path", "file", "dir", "url", "vocabulary", "weights", "module", "function", "config")
    for name in ("TextVectorization", "StringLookup", "IntegerLookup", "Dense", "Embedding", "TFSMLayer", "Lambda"):
        symbol = keras_api.symbol(f"keras.layers.{name}")
        assert symbol is not None
        for parameter in symbol.parameters():
            if parameter.name.endswith(suspicious):
                with pytest.raises(permitted.Refused):
                    permitted.refuse({"class": symbol.name, "arguments": {parameter.name: "text"}})


def test_applications_come_without_weights() -> None:
    permitted.refuse({"class": "keras.applications.MobileNet", "arguments": {"weights": None}})
    for arguments in ({}, {"weights": "imagenet"}, {"weights": "weights.h5"}):
        with pytest.raises(permitted.Refused, match="would load weights"):
            permitted.refuse({"class": "keras.applications.MobileNet", "arguments": arguments})


# What the child's process is like.


@pytest.fixture
def traps(tmp_path: Path) -> Path:
    """A folder of modules that leave a mark when they are run, and settings that lead to it."""
    folder = tmp_path / "traps"
    folder.mkdir()
    mark = f"open({str(tmp_path / 'MARK_')!r} + __name__.replace('.', '_'), 'w')\n"
    names = {"sitecustomize", "usercustomize", "keras", "numpy", "h5py", "absl", "rich", "ml_dtypes", "tensorflow"}
    for name in (names | sys.stdlib_module_names) - set(sys.builtin_module_names):
        (folder / f"{name}.py").write_text(mark)
    (folder / "tensorflow.py").unlink()
    (folder / "tensorflow").mkdir()
    (folder / "tensorflow" / "__init__.py").write_text(mark)
    (folder / "startup.pth").write_text(f"import sys; {mark}")
    (folder / "keras.json").write_text('{"backend": "jax"}')
    return folder


@pytest.fixture
def trapped(traps: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, with this process in the folder, and every variable that Python and Keras know leading to it."""
    monkeypatch.chdir(traps)
    for name in ("PYTHONPATH", "PYTHONUSERBASE", "KERAS_HOME", "HOME", "PYTHONPLATLIBDIR"):
        monkeypatch.setenv(name, str(traps))
    monkeypatch.setenv("PYTHONSTARTUP", str(traps / "keras.py"))
    monkeypatch.setenv("PYTHONINSPECT", "1")
    return traps


def marks(traps: Path) -> list[str]:
    return sorted(path.name for path in traps.parent.glob("MARK_*"))


LOOKS_AROUND = (
    "import json, os, sys; "
    "print(json.dumps({'job': 0, 'event': 'done', 'warnings': [os.getcwd(), *sys.path, *os.environ.values()]}))"
)


def test_the_child_starts_in_a_folder_of_its_own_and_knows_no_other(trapped: Path) -> None:
    with Session(Settings(), (sys.executable, "-I", "-c", LOOKS_AROUND)) as session:
        (trained,) = session.train([Plan({})])
        folder = Path(trained.warnings[0])
        assert folder.is_dir()
        assert not list(folder.iterdir())
    assert not any(str(trapped) in place or place == "" for place in trained.warnings)
    assert not folder.exists()


def test_secrets_of_the_environment_do_not_reach_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", "very-secret")
    with Session(Settings(), (sys.executable, "-I", "-c", LOOKS_AROUND)) as session:
        (trained,) = session.train([Plan({})])
    assert "very-secret" not in trained.warnings


def plan_of(layer: dict[str, object], compiled: dict[str, object] | None = None) -> Plan:
    """A plan as no parent would send it."""
    graph = {
        "inputs": [{"shape": [8], "dtype": "float32"}],
        "calls": [{"layer": 0, "positional": [{"input": 0}], "keywords": {}}],
        "outputs": [{"call": 0, "output": 0}],
    }
    document = {"layers": [layer], "graph": graph, "frozen": False, "compile": compiled, "inputs": [], "labels": []}
    return Plan(document)


@pytest.mark.parametrize(
    "attempt",
    [
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import os; os.execv('/bin/true', ['true'])",
        "import socket; socket.socket().connect(('localhost', 1))",
        "import urllib.request; urllib.request.urlopen('http://localhost:1')",
    ],
)
def test_a_child_can_neither_start_a_process_nor_connect(attempt: str) -> None:
    locked = f"import sys; sys.path.insert(0, {str(Path(keraslint.__file__).parents[1])!r}); "
    locked += f"from keraslint.confirm.child.__main__ import _forbid; _forbid(); {attempt}"
    done = subprocess.run([sys.executable, "-c", locked], capture_output=True, text=True, check=False)
    assert "is never needed here" in done.stderr


DENSE: dict[str, object] = {"class": "keras.layers.Dense", "arguments": {"units": 1}}
DICT = {"dict": [["class_name", "Lambda"], ["config", {"dict": []}]]}


@pytest.mark.keras
def test_the_child_trusts_no_plan_and_finds_no_trap(trapped: Path) -> None:
    evil = [
        plan_of({"class": "keras.layers.TFSMLayer", "arguments": {"filepath": "x"}}),
        plan_of({"class": "keras.layers.IntegerLookup", "arguments": {"vocabulary": "/etc/passwd"}}),
        plan_of({"class": "keras.utils.get_file", "arguments": {"fname": "x", "origin": "http://localhost"}}),
        plan_of({"class": "keras.layers.Dense", "arguments": {"units": 1, "activation": DICT}}),
        plan_of({"class": "keras.layers.Activation", "arguments": {"activation": {"reference": "keras.ops.__dict__"}}}),
        plan_of({"class": "keras.applications.MobileNet", "arguments": {}}),
        plan_of(DENSE, {"loss": "mse", "optimizer": DICT}),
    ]
    with Session(Settings(seconds=300)) as session:
        *refused, allowed = session.train([*evil, plan_of(DENSE)])
        assert session.keras_version
    assert [trained.failure for trained in refused if "never" not in str(trained.failure)] == []
    assert (allowed.failure, allowed.error) == (None, None)
    assert marks(trapped) == []


COMMAND_LINE = f"""\
import sys
sys.path.insert(0, {str(Path(keraslint.__file__).parents[1])!r})
from keraslint.cli import main
sys.exit(main())
"""
"""What the `keraslint` command does, for this keraslint and as isolated as an installed one."""


def command(*arguments: str, where: Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-I", "-c", COMMAND_LINE, *arguments]
    return subprocess.run(line, cwd=where, capture_output=True, text=True, timeout=100, check=False)


BESIDE = f"import random, numpy, struct\nfrom array import array\n{with_layer('layers.Dense(4)')}"


@pytest.mark.parametrize("options", [[], ["-j2"], ["--output-format=colorized"]], ids=["plain", "jobs", "colors"])
@pytest.mark.parametrize("name", ["keras.py", "program.py"])
def test_check_runs_nothing_that_lies_beside_the_program(traps: Path, name: str, options: list[str]) -> None:
    (traps / name).write_text(BESIDE + f"open({str(traps.parent / 'MARK_')!r}, 'w')\n")
    done = command("check", *options, name, where=traps)
    assert "keras-softmax-on-one-unit" in done.stdout, done.stderr
    assert marks(traps) == []


def test_summary_runs_nothing_that_lies_beside_the_program(traps: Path) -> None:
    (traps / "keras.py").write_text(BESIDE)
    assert "dense" in command("summary", "keras.py", where=traps).stdout
    assert marks(traps) == []


def test_a_compiled_module_beside_the_program_is_not_loaded(traps: Path) -> None:
    """astroid imports modules that it has no source of, once something is inferred from them."""
    evil = traps / "evil.py"
    evil.write_text((traps / "keras.py").read_text() + "def decorated(cls): return cls\n")
    py_compile.compile(str(evil), cfile=str(traps / "evil.pyc"))
    evil.unlink()
    text = f"from evil import decorated\n@decorated\nclass Settings:\n    x: int = 1\n{BESIDE}"
    (traps / "program.py").write_text(text)
    assert "keras-softmax-on-one-unit" in command("check", "program.py", where=traps).stdout
    assert marks(traps) == []


PYLINTRC = """\
[MAIN]
init-hook=open("MARK", "w")
load-plugins=evil
extension-pkg-allow-list=evil
unsafe-load-any-extension=yes
source-roots=.
"""


def test_the_projects_pylint_configuration_runs_nothing(traps: Path) -> None:
    (traps / "evil.py").write_text((traps / "keras.py").read_text())
    (traps / "program.py").write_text(BESIDE)
    (traps / "pylintrc").write_text(PYLINTRC)
    assert "keras-softmax-on-one-unit" in command("check", "program.py", where=traps).stdout
    assert not (traps / "MARK").exists()
    assert marks(traps) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in this file system")
@pytest.mark.parametrize("subcommand", ["check", "summary", "confirm"])
def test_a_pipe_is_refused_and_not_waited_for(subcommand: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "program.py")
    done = command(subcommand, "program.py", where=tmp_path)
    assert (done.returncode, done.stderr.count("neither a file nor a directory")) == (2, 1)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in this file system")
def test_a_pipe_named_like_an_imported_module_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "helper.py")
    (tmp_path / "endless.py").symlink_to("/dev/zero")
    program = "from helper import units\nfrom endless import more\n" + with_layer("layers.Dense(units + more)")
    (tmp_path / "program.py").write_text(program)
    for subcommand in ("check", "summary"):
        assert command(subcommand, "program.py", where=tmp_path).stderr == ""


@pytest.mark.parametrize("output", ["text", "colorized"])
@pytest.mark.parametrize(
    "template",
    [
        "{confidence._replace.__globals__[_sys].modules[os].environ}",
        "{msg:{confidence._replace.__globals__[_sys].modules[os].environ}}",
        "{msg.__class__}",
        "{C[0]}",
        "{msg:>999999999}",
        "{}",
        "{",
        "{msg:d}",
        "{end_line:>5d}",
        "{nothing!r}",
    ],
)
def test_the_projects_template_of_messages_prints_fields_of_messages_alone(
    template: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "SECRET")
    (tmp_path / "program.py").write_text(with_layer("layers.Dense(4)"))
    (tmp_path / "pylintrc").write_text(f"[MAIN]\nmsg-template={template}\n")
    done = command("check", f"--output-format={output}", "program.py", where=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "msg-template: " in done.stderr
    assert "SECRET" not in done.stderr


def test_the_projects_template_of_messages_does_not_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(with_layer("layers.Dense(4)"))
    (tmp_path / "pylintrc").write_text("[MAIN]\nmsg-template={line:>4}:\t{symbol:40}\x1b[2J\n")
    done = command("check", "program.py", where=tmp_path)
    assert f"   5:\t{'keras-softmax-on-one-unit':40}\\x1b[2J\n" in done.stdout


@pytest.mark.parametrize("name", ["pylintrc", ".pylintrc", "pyproject.toml", "pylintrc.toml"])
@pytest.mark.parametrize(
    "text", ["SECRET:1:2\n", "[main]\nSECRET\n", "[main]\nSECRET=1\nSECRET=2\n", "[SECRET]\n[SECRET]\n"]
)
def test_a_link_named_like_a_configuration_is_not_read_out(text: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(text)
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / name).symlink_to("../elsewhere")
    (tmp_path / "project" / "program.py").write_text(with_layer("layers.Dense(4)"))
    done = command("check", "-v", "program.py", where=tmp_path / "project")
    assert "SECRET" not in (done.stdout + done.stderr).replace("secret", "SECRET")


@pytest.mark.parametrize(
    "text", ["tool=1\n", 'tool="pylint"\n', "[tool]\npylint=1\n", f"[tool.pylint]\nx={'[' * 9999}\n"]
)
def test_an_odd_configuration_is_one_clear_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(with_layer("layers.Dense(4)"))
    (tmp_path / "pyproject.toml").write_text(text)
    done = command("check", "program.py", where=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


NAMED_FOR_REQUIREMENTS = ("requirements.txt", "pyproject.toml", "setup.cfg", "setup.py", "uv.lock", "environment.yml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in this file system")
@pytest.mark.parametrize("endless", [False, True], ids=["pipe", "device"])
def test_a_pipe_or_device_named_like_a_file_of_requirements_is_not_opened(endless: bool, tmp_path: Path) -> None:
    for name in NAMED_FOR_REQUIREMENTS:
        if endless:
            (tmp_path / name).symlink_to("/dev/zero")
        else:
            os.mkfifo(tmp_path / name)
    (tmp_path / "program.py").write_text(with_layer("layers.Dense(4)"))
    for subcommand in ("check", "summary"):
        assert command(subcommand, "program.py", where=tmp_path).stderr == ""


def test_what_a_project_pins_does_not_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("keras===3.1\x07\n")
    (tmp_path / "program.py").write_text(with_layer("layers.Dense(4)"))
    assert "\x07" not in command("check", "-v", "program.py", where=tmp_path).stderr


@pytest.mark.parametrize("options", [["."], ["-j2", "."], ["--", "{}"]], ids=["found", "jobs", "named"])
@pytest.mark.parametrize("name", ["--init-hook=open('MARK', 'w')#.py", "--load-plugins=evil.py", "--output=MARK.py"])
def test_a_file_named_like_an_option_of_pylint_is_a_file(name: str, options: list[str], tmp_path: Path) -> None:
    (tmp_path / "evil.py").write_text("open('MARK', 'w')\ndef register(linter): pass\n")
    for program in (name, "program.py"):
        (tmp_path / program).write_text(with_layer("layers.Dense(4)"))
    before = set(tmp_path.iterdir())
    done = command("check", *(option.format(name) for option in options), where=tmp_path)
    assert f"{name}:5:" in done.stdout, done.stderr
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["--init-hook=open('MARK', 'w')#.py", "--help"])
def test_a_name_of_the_standard_input_like_an_option_of_pylint_is_a_name(name: str, tmp_path: Path) -> None:
    line = [sys.executable, "-I", "-c", COMMAND_LINE, "check", f"--stdin-filename={name}", "-"]
    text = with_layer("layers.Dense(4)")
    done = subprocess.run(line, cwd=tmp_path, input=text, capture_output=True, text=True, timeout=100, check=False)
    assert "keras-softmax-on-one-unit" in done.stdout, done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format_", ["text", "colorized", "github", "parseable", "json:out.json,text"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_name_of_a_file_does_not_steer_the_terminal(format_: str, jobs: str, tmp_path: Path) -> None:
    name = "steers\x1b[2J\x1b]0;title\x07\n::error::forged\u202e.py"
    (tmp_path / name).write_text(with_layer("layers.Dense(4)"))
    done = command("check", f"--output-format={format_}", "-j", jobs, ".", where=tmp_path)
    assert r"steers\x1b[2J\x1b]0;title\x07\n::error::forged\u202e.py" in done.stdout, done.stderr
    for steering in ("\x1b[2J", "\x1b]", "\x07", "\n::error::forged", "\u202e"):
        assert steering not in done.stdout + done.stderr


DRAWS = f"""\
import sys
sys.path.insert(0, {str(Path(keraslint.__file__).parents[1])!r})
from keraslint.confirm import plotting
plotting.require_plot("plot.png")
import matplotlib
print(matplotlib.rcParams["text.usetex"], matplotlib.rcParams["lines.linewidth"] == 77)
"""


def test_a_plot_is_drawn_by_no_configuration_of_the_current_folder(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\nlines.linewidth: 77\nSECRET without a colon\n")
    done = subprocess.run(
        [sys.executable, "-I", "-c", DRAWS], cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False
    )
    assert (done.stdout, done.stderr) == ("False False\n", "")


# The child's end.


def gone(number: int, seconds: float = 10) -> bool:
    """Whether the process ends in time; one that only waits to be reaped has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if " Z " in Path(f"/proc/{number}/stat").read_text():
                return True
            os.kill(number, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    os.kill(number, signal.SIGKILL)
    return False


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

PARENT = f"""\
import sys, time
sys.path.insert(0, {str(Path(keraslint.__file__).parents[1])!r})
from keraslint.confirm import Session, Settings
from keraslint.confirm.process import COMMAND
from keraslint.confirm.variants import Source, cases
session = Session(Settings(), eval(sys.argv[1]))
session.begin()
print(session._child._process.pid, session._child._folder.name, flush=True)
time.sleep(float(sys.argv[2]))
print("ready", flush=True)
time.sleep(100)
"""

BUSY = (
    f"import sys; sys.path.insert(0, {str(Path(keraslint.__file__).parents[1])!r}); "
    "from keraslint.confirm.child.__main__ import _listen; _listen(sys.argv[1])\nwhile True: pass"
)
"""A child without the help of Linux, and never idle."""


DEAF = (
    f"import sys; sys.path.insert(0, {str(Path(keraslint.__file__).parents[1])!r}); "
    "from keraslint.confirm.child.__main__ import _die_with_parent; _die_with_parent(); import ctypes; "
    "ctypes.PyDLL(None).sleep(100)"
)
"""A child of which no thread gets its turn: its sleep holds the interpreter's lock."""


@on_linux
@pytest.mark.parametrize(
    ("child", "seconds"),
    [
        pytest.param("COMMAND", "0.2", id="the real child as it starts", marks=pytest.mark.keras),
        pytest.param("COMMAND", "1", id="the real child", marks=pytest.mark.keras),
        pytest.param(f"(sys.executable, '-c', {BUSY!r})", "1", id="by the end of its pipe alone"),
        pytest.param(f"(sys.executable, '-c', {DEAF!r})", "1", id="by the kernel alone"),
    ],
)
def test_the_child_dies_with_a_killed_parent(child: str, seconds: str) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, child, seconds], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    number, folder = parent.stdout.readline().split()
    assert parent.stdout.readline() == "ready\n"
    assert Path(f"/proc/{number}").exists()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone(int(number), 20)
    assert Path(folder).exists() == ("PyDLL" in child), "what can clear up leaves nothing behind"
    shutil.rmtree(folder, ignore_errors=True)


@on_linux
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_command_and_its_child(number: signal.Signals) -> None:
    main = f"""\
import sys, time
sys.path.insert(0, {str(Path(keraslint.__file__).parents[1])!r})
from keraslint import cli, confirm
def train(*args, session, **_):
    session.command = (sys.executable, "-c", "import time; time.sleep(100)")
    session.begin()
    print(session._child._process.pid, flush=True)
    time.sleep(100)
confirm.confirm = train
sys.exit(cli.main(["confirm", {__file__!r}]))
"""
    parent = subprocess.Popen([sys.executable, "-c", main], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.send_signal(number)
    assert parent.wait(10) == 128 + number
    parent.stdout.close()
    assert gone(child)


# What is printed.

ODD = "a\x1b[2J\x07\n::error::b\u202ec\u2028d\ud800é中"


def test_controls_are_written_out_and_letters_are_left() -> None:
    assert printable(ODD) == "a\\x1b[2J\\x07\\n::error::b\\u202ec\\u2028d\\ud800é中"


@pytest.mark.parametrize("with_rich", [True, False])
def test_a_report_prints_no_control_of_any_name(with_rich: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not with_rich:
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    finding = Finding(Span(1, 0, 1, 1), "message", Confidence.HIGH, rule=rules.by_symbol("E7800"))
    verdict = Verdict(finding, "inconclusive", f"Keras says {ODD}", assumptions=(ODD,))
    shown = io.StringIO()
    report.render(Report(f"{ODD}.py", (verdict,), 1.0), shown)
    lines = shown.getvalue().splitlines()
    assert all(line.isprintable() for line in lines)
    assert not any(line.startswith("::error") for line in lines)


def test_a_summary_prints_no_control_of_any_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = with_layer(f"layers.Dense(4, name={ODD!a})", f'loss="mse", metrics=[{ODD!a}]')
    (tmp_path / "program.py").write_text(text)
    assert cli.main(["summary", str(tmp_path / "program.py")]) == 0
    shown = capsys.readouterr().out
    assert printable(ODD) in shown
    assert all(line.isprintable() for line in shown.splitlines())


def test_an_error_prints_no_control_of_a_files_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["summary", "\x1b[31m.py"]) == cli.ERROR
    assert "\x1b" not in capsys.readouterr().err


# What a command asks of its sessions.


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings with which the command asks for training, which finds nothing."""
    heard: list[Settings] = []

    def stand_in(_source: str, path: str, *_: object, session: Session, **__: object) -> Report:
        heard.append(session.settings)
        return Report(path, (), 1.0)

    monkeypatch.setattr("keraslint.confirm.confirm", stand_in)
    return heard


def test_the_backend_of_the_environment_is_used(asked: list[Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert cli.main(["confirm", __file__]) == cli.OK
    assert cli.main(["confirm", "--backend=jax", __file__]) == cli.OK
    monkeypatch.delenv("KERAS_BACKEND")
    assert cli.main(["confirm", __file__]) == cli.OK
    assert [settings.backend for settings in asked] == ["torch", "jax", "tensorflow"]


def test_an_unknown_backend_is_an_error_that_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["confirm", "--backend=theano", __file__]) == cli.ERROR
    assert "choose tensorflow, jax or torch" in capsys.readouterr().err


def test_files_judged_side_by_side_are_shown_in_their_order(
    asked: list[Settings], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(tmp_path / f"{number}.py") for number in range(6)]
    for file in files:
        Path(file).write_text("import keras\n")
    assert cli.main(["confirm", "--jobs=3", "--format=json", *files]) == cli.OK
    assert [json.loads(line)["path"] for line in capsys.readouterr().out.splitlines()] == files


def test_only_chosen_findings_are_trained() -> None:
    two = with_layer("layers.Dense(4)", 'optimizer="adam", loss="mse", metrics=["accuracy"]')
    with Session(Settings(), (sys.executable, "-c", REFUSES)) as session:
        every = confirm(two, "program.py", reader.read, check, session=session)
        heard: list[int] = []
        some = confirm(
            *(two, "program.py", reader.read, check),
            progress=lambda now: heard.append(now.total),
            session=session,
            chosen=lambda finding: finding.rule is not None and finding.rule.symbol == "keras-softmax-on-one-unit",
        )
    assert len(every.verdicts) == 2
    assert len(some.verdicts) == 1
    assert max(heard) == 2 * Settings().seeds
