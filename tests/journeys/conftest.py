"""A real browser against a real server with the history and a sample edition. One server for all journeys."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.servers import BIN, ROOT, Running, end, environment, flask, free_port, serving

SAMPLE = "2027-haikou-sample"


@dataclass(frozen=True)
class House:
    """The running house: server, worker, and where its mails land."""

    server: Running
    mails: Path

    @property
    def address(self) -> str:
        return self.server.address

    def sign_in_link(self) -> str:
        return self.server.flask("accounts", "link", "organiser@forum.test").strip().splitlines()[-1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs Chromium (Debian: chromium)")
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, chromium: str, worker_id: str) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    port = free_port()
    env = environment(folder, _database(folder, worker_id), port)
    flask(env, "db", "upgrade")
    flask(env, "seed")
    flask(env, "sample", "--edition", SAMPLE, "--registrations", "40", "--seats", "60")
    flask(env, "accounts", "create", "organiser@forum.test", "--role", "administrator")
    with serving(env) as server:
        worker = subprocess.Popen(
            [BIN / "flask", "--app", "wsgi", "mail", "work"], cwd=ROOT, env=env, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield House(server, folder / "mail")
        finally:
            end(worker)


def _database(folder: Path, worker: str) -> str:
    template = os.environ.get("TEST_POSTGRES")
    if not template:
        return f"sqlite:///{folder / 'house.sqlite3'}"
    name = f"house_{worker}"
    with psycopg.connect(template.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    return template.format(name=name)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        flags = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, house: House) -> Iterator[Page]:
    """A fresh visitor, who fails the test on any script error, blocked resource or request to a foreign host."""
    context = browser.new_context(base_url=house.address, locale="en-GB")
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "console",
        lambda message: (
            trouble.append(message.text) if message.type == "error" and "status of 4" not in message.text else None
        ),
    )
    page.on(
        "request",
        lambda request: None if request.url.startswith(house.address) else trouble.append(f"foreign: {request.url}"),
    )
    yield page
    context.close()
    assert trouble == []
