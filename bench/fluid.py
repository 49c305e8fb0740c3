"""How fluid the workbench is with 500 sessions: a session dragged to and fro, by the browser's own performance trace."""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.figures import Figure, percentile
from bench.house import ORGANISER, SLUG, House, house

SAMPLE = (
    "--days", "5", "--rooms", "12", "--sessions", "500", "--speakers", "300", "--registrations", "5", "--seats", "10",
)  # fmt: skip
WINDOW = {"width": 1600, "height": 1000}
CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel", "loading"]
DRAGS, MOVES = 4, 90
LONG = 50.0
"""Milliseconds from which a task is one that people notice (W3C Long Tasks)."""
FRAME = 1000 / 60

FRAMES = """() => {
  const frames = [];
  let last = performance.now();
  const tick = (now) => { frames.push(now - last); last = now; window.framesGoOn && requestAnimationFrame(tick); };
  window.framesGoOn = true;
  window.frames_ = frames;
  requestAnimationFrame(tick);
}"""


def fluid() -> Sequence[Figure]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        return [Figure("workbench in a browser", "no Chromium on this machine")]
    with house(sample=SAMPLE) as found, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with _grid(browser, found) as page:
            return [*_figures(browser, page)]


@contextmanager
def _grid(browser: Browser, found: House) -> Iterator[Page]:
    page = browser.new_context(base_url=found.server.address, viewport=WINDOW).new_page()  # type: ignore[arg-type]
    page.goto(found.flask("accounts", "link", ORGANISER).strip().splitlines()[-1])
    page.locator("main form button").click()
    page.goto(f"/organise/editions/{SLUG}/agenda/grid")
    page.locator("#slots > li").first.wait_for()
    page.wait_for_timeout(1000)
    yield page
    browser.close()


def _figures(browser: Browser, page: Page) -> Iterator[Figure]:
    slots = page.locator("#slots > li").count()
    browser.start_tracing(page=page, categories=CATEGORIES)
    page.evaluate(FRAMES)
    answers = [_drag(page, n) for n in range(DRAGS)]
    frames: list[float] = page.evaluate("() => { window.framesGoOn = false; return window.frames_; }")
    tasks = _tasks(json.loads(browser.stop_tracing())["traceEvents"])
    name = f"workbench, 500 sessions, {slots} on the day"
    usual, slow = percentile(frames, 0.5), percentile(frames, 0.95)
    long = [task for task in tasks if task > LONG]
    yield Figure(f"{name}: frames while dragging", f"{len(frames)}, median {usual:.1f} ms")
    yield Figure(f"{name}: frame p95", f"{slow:.1f} ms", "≤ 33 ms (30 a second)", slow <= 2 * FRAME)
    yield Figure(
        f"{name}: main thread", f"{len(long)} long tasks, longest {max(tasks):.0f} ms", "none above 100 ms",
        max(tasks) <= 2 * LONG,
    )  # fmt: skip
    yield Figure(f"{name}: put down to answer", f"longest {max(answers):.0f} ms")


def _drag(page: Page, n: int) -> float:
    """One session, as fast as a hand moves; gives how long its answer took once it was put down."""
    box = page.locator("#slots > li[data-column='2']").nth(n).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(MOVES):
        there = step if step < MOVES / 2 else MOVES - step
        page.mouse.move(x + there * 6, y + there * 2 + 5)
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.mouse.up()
    answered.value.finished()
    page.wait_for_timeout(900)
    timing = answered.value.request.timing
    return float(timing["responseEnd"] - max(timing["requestStart"], 0))


def _tasks(events: Sequence[dict[str, Any]]) -> list[float]:
    """How long each task of the page's main thread took, in milliseconds."""
    names = {(e["pid"], e["tid"]): e["args"]["name"] for e in events if e["name"] == "thread_name"}
    page = max(
        (thread for thread, name in names.items() if name == "CrRendererMain"),
        key=lambda thread: sum(e.get("dur", 0) for e in events if (e["pid"], e["tid"]) == thread),
    )
    return [e["dur"] / 1000 for e in events if e["name"] == "RunTask" and (e["pid"], e["tid"]) == page and "dur" in e]
