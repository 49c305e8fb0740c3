"""What the environment says wrongly is said back in a sentence, never as a traceback."""

import subprocess
from pathlib import Path

import pytest

import config

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "abc"), ("PORT", "70000"), ("PORT", "-1"), ("PORT", "٣"), ("WORKERS", "0"), ("TRUSTED_PROXIES", "yes")],
)
def test_a_number_that_is_none_stops_the_start_with_its_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(config, "INSTANCE", tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(config.Misconfigured, match=f"{name} is {value!r}; it must be a number from"):
        config.from_environment()


def test_an_empty_number_is_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(config, "INSTANCE", tmp_path)
    monkeypatch.setenv("PORT", "")
    assert config.from_environment().port == 8000


def test_files_are_kept_in_the_instance_folder_unless_an_address_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(config, "INSTANCE", tmp_path)
    assert config.from_environment().files_url == f"file://{tmp_path}/files"
    monkeypatch.setenv("FILES_URL", "s3://bucket/forum/")
    assert config.from_environment().files_url == "s3://bucket/forum"
    monkeypatch.setenv("FILES_URL", "/var/files")
    with pytest.raises(config.Misconfigured, match="it must begin with file:// or s3://"):
        config.from_environment()


def test_a_python_that_is_not_there_is_named_in_one_sentence() -> None:
    said = subprocess.run(
        ["sh", ROOT / "scripts/install.sh", "requirements.txt"], env={"PYTHON": "/no/python", "PATH": "/usr/bin:/bin"},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (
        1, "Luntan needs Python 3.11 or newer; /no/python is not there. Name another: make run PYTHON=python3.12\n",
    )  # fmt: skip
