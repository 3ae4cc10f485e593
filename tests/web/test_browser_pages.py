"""The pages in a real browser, over the whole product."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from .market import Person
from .served_pages import ServedPages, served_pages

if TYPE_CHECKING:
    from dvmdash.nip90.event import Event

pytestmark = [pytest.mark.browser, pytest.mark.integration]

CHROMIUM = Path(os.environ.get("DVMDASH_TEST_CHROMIUM", "/usr/bin/chromium"))
PATIENCE_MS = 30_000
NSEC = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"
"""NIP-19's own example."""

ALICE, QUILL, EASEL = Person("alice"), Person("quill"), Person("easel")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or the one named by the environment."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; name one in DVMDASH_TEST_CHROMIUM")
    arguments = ["--no-sandbox", "--disable-gpu"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(
    browser: Browser, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedPages]:
    """The product, over an empty log. Asked for after the browser: without one no server starts."""
    neo4j = request.getfixturevalue("neo4j_endpoint")
    nats_url = request.getfixturevalue("nats_url")
    folder = tmp_path_factory.mktemp("archives")
    with served_pages(neo4j.url, (neo4j.user, neo4j.password), nats_url, folder) as served:
        yield served


@pytest.fixture(scope="module")
def job(pages: ServedPages) -> Event:
    """A request that one DVM has answered with feedback and a result."""
    asked = ALICE.ask("Describe a lighthouse", seconds_ago=600)
    pages.publish(
        ALICE.profile(name="alice", about="I ask.", picture="https://pictures.invalid/alice.png"),
        QUILL.profile(name="Quill"),
        asked,
        QUILL.feedback(asked, "processing", seconds_ago=590),
        QUILL.result(asked, "The lamp turns.", seconds_ago=580),
    )
    return asked


class Watched:
    """A page that notes what goes wrong in it and where it sends requests."""

    def __init__(self, page: Page, own: str) -> None:
        self.page = page
        self.own = own
        self.troubles: list[str] = []
        self.requests: list[Request] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: said.type in {"error", "warning"} and self.troubles.append(said.text))
        page.on("dialog", lambda dialog: self.troubles.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108 - Playwright marks handlers

    def open(self, path: str) -> Page:
        """Go to a page of ours and wait until its heading is there."""
        self.page.goto(f"{self.own}{path}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        return self.page

    def foreign(self) -> list[str]:
        """Addresses of other hosts that were asked for anything."""
        return [request.url for request in self.requests if not request.url.startswith(self.own)]


Open = Callable[..., Watched]


@pytest.fixture
def watch(browser: Browser, pages: ServedPages) -> Iterator[Open]:
    """Open watched pages; none of them may have had trouble in the end."""
    opened: list[Watched] = []

    def start(width: int = 1366) -> Watched:
        context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_MS)
        opened.append(Watched(context.new_page(), pages.url))
        return opened[-1]

    expect.set_options(timeout=PATIENCE_MS)
    yield start
    for watched in opened:
        watched.page.context.close()
    assert [watched.troubles for watched in opened] == [[] for _ in opened]


def test_a_fresh_start_says_how_events_get_in(watch: Open) -> None:
    page = watch().open("/")
    expect(page.get_by_role("heading", name="No events yet")).to_be_visible()
    expect(page.get_by_text("dvmdash import FILE")).to_be_visible()
    expect(page.get_by_text("make demo")).to_be_visible()


def test_the_dashboard_moves_by_itself(watch: Open, pages: ServedPages, job: Event) -> None:
    page = watch().open("/")
    rows = page.get_by_role("region", name="Newest jobs").locator("tbody tr")
    expect(rows.first).to_contain_text("Text generation")
    expect(page.locator(".badge")).to_contain_text("Live")
    pages.publish(ALICE.ask("a second one", kind=5100, seconds_ago=1))
    expect(rows.first).to_contain_text("Image generation")
    assert rows.count() >= 2


def test_a_paused_dashboard_waits_and_then_catches_up(watch: Open, pages: ServedPages, job: Event) -> None:
    page = watch().open("/")
    rows = page.get_by_role("region", name="Newest jobs").locator("tbody tr")
    expect(rows.filter(has_text="Describe a lighthouse")).to_have_count(1)
    expect(page.locator(".badge")).to_contain_text("Live")
    page.keyboard.press("p")
    expect(page.locator(".badge")).to_contain_text("Paused")
    pages.publish(ALICE.ask("while paused", kind=5002, seconds_ago=0))
    other = watch().open("/")
    expect(other.get_by_text("while paused")).to_be_visible()
    expect(page.get_by_text("while paused")).to_have_count(0)
    page.keyboard.press("p")
    expect(page.get_by_text("while paused")).to_be_visible()


def test_a_job_is_told_in_words_graph_table_and_raw_event(watch: Open, job: Event) -> None:
    page = watch().open(f"/job/{job.id}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Text generation")
    expect(page.locator("main")).to_contain_text("1 DVM answered with 1 result and 1 feedback event")
    expect(page.get_by_role("application", name=re.compile("Graph of 5 nodes"))).to_be_visible()
    kinds = page.locator("main tbody tr td:nth-child(2)")
    expect(kinds).to_have_text([re.compile("5050"), re.compile("7000"), re.compile("6050")])
    page.get_by_role("button", name="JSON", exact=True).click()
    expect(page.get_by_role("region", name="Raw event")).to_contain_text(job.sig)
    expect(page).to_have_url(re.compile("view=json"))


def test_selecting_a_row_selects_the_node_and_stands_in_the_address(watch: Open, job: Event) -> None:
    page = watch().open(f"/job/{job.id}")
    page.locator("main tbody tr").nth(1).locator("td").last.click()
    panel = page.get_by_role("region", name="Selection")
    expect(panel).to_contain_text("processing")
    expect(page).to_have_url(re.compile("selected=[0-9a-f]{64}"))
    page.reload()
    expect(panel).to_contain_text("feedback for")
    assert selected_nodes(page) == 1


def wait_for_nodes(page: Page, count: int | None = None) -> None:
    """Wait until the drawing has so many nodes, or any. Playwright's own wait needs eval, which our pages forbid."""
    deadline = time.monotonic() + 30
    while True:
        drawn = page.evaluate("document.querySelector('.canvas')?._cyreg?.cy.nodes().length ?? 0")
        if drawn == count or (count is None and drawn):
            return
        assert time.monotonic() < deadline, f"{drawn} nodes drawn"
        page.wait_for_timeout(50)


def selected_nodes(page: Page) -> int:
    """Ask the drawing itself."""
    wait_for_nodes(page)
    count = page.evaluate("document.querySelector('.canvas')._cyreg.cy.nodes('.chosen').length")
    assert isinstance(count, int)
    return count


POSITIONS = """() => Object.fromEntries(document.querySelector('.canvas')._cyreg.cy.nodes()
    .map((node) => [node.id(), node.position()]))"""


def test_an_open_job_takes_in_new_answers_and_moves_nothing(watch: Open, pages: ServedPages) -> None:
    asked = ALICE.ask("live one", seconds_ago=30)
    pages.publish(asked, QUILL.feedback(asked, "processing", seconds_ago=20))
    page = watch().open(f"/job/{asked.id}")
    expect(page.locator("main tbody tr")).to_have_count(2)
    wait_for_nodes(page, 4)
    before = page.evaluate(POSITIONS)
    expect(page.locator(".badge")).to_contain_text("Live")
    pages.publish(EASEL.result(asked, "Here it is", seconds_ago=5))
    expect(page.locator("main tbody tr")).to_have_count(3)
    wait_for_nodes(page, 6)
    after = page.evaluate(POSITIONS)
    assert {node: after[node] for node in before} == before


def test_a_double_click_opens_the_nodes_page(watch: Open, job: Event) -> None:
    page = watch().open(f"/job/{job.id}")
    wait_for_nodes(page, 5)
    spot = page.evaluate(
        """(id) => { const canvas = document.querySelector('.canvas'); const box = canvas.getBoundingClientRect();
        const at = canvas._cyreg.cy.getElementById(id).renderedPosition();
        return [box.x + at.x, box.y + at.y]; }""",
        QUILL.pubkey,
    )
    page.mouse.dblclick(*spot)
    expect(page).to_have_url(re.compile(f"/entity/{QUILL.pubkey}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Quill")


def test_the_graph_can_be_walked_by_keyboard(watch: Open, job: Event) -> None:
    page = watch().open(f"/job/{job.id}?selected={ALICE.pubkey}")
    drawing = page.get_by_role("application")
    wait_for_nodes(page, 5)
    drawing.press("ArrowRight")
    expect(page).to_have_url(re.compile(f"selected={job.id}"))
    drawing.press("ArrowRight")
    expect(page).to_have_url(re.compile(f"selected={QUILL.pubkey}"))
    drawing.press("Enter")
    expect(page).to_have_url(re.compile(f"/entity/{QUILL.pubkey}$"))


def test_a_job_that_is_not_there_appears_when_it_arrives(watch: Open, pages: ServedPages) -> None:
    asked = ALICE.ask("coming soon", seconds_ago=0)
    page = watch().open(f"/job/{asked.id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Job not seen yet")
    expect(page.locator(".badge")).to_contain_text("Live")
    pages.publish(asked)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Text generation")


HOSTILE = "<script>window.hacked=1</script><img src=x onerror='window.hacked=1'>\u202egnp.exe\u202c\u200b"


def test_hostile_text_stays_text(watch: Open, pages: ServedPages) -> None:
    mallory = Person("mallory")
    asked = mallory.ask(HOSTILE, kind=5303, seconds_ago=15)
    pages.publish(
        mallory.profile(name=HOSTILE, about=HOSTILE, picture="javascript:window.hacked=1", nip05=HOSTILE),
        asked,
        mallory.feedback(asked, "<b onclick=alert(1)>error</b>", HOSTILE, seconds_ago=10),
        mallory.result(asked, HOSTILE + "W" * 100_000, seconds_ago=5),
    )
    watched = watch(width=390)
    for path in (f"/job/{asked.id}", f"/job/{asked.id}?view=json", f"/entity/{mallory.pubkey}", "/", "/jobs"):
        page = watched.open(path)
        expect(page.locator("main")).to_contain_text("<script>")
        assert page.evaluate("window.hacked") is None
        assert page.locator("main script, main img").count() == 0
        assert re.search("[\u202a-\u202e\u200b]", page.locator("main").inner_text()) is None
        assert overflow(page) <= 0, path
    assert watched.foreign() == []


def overflow(page: Page) -> int:
    """Pixels by which a page is wider than its window."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert isinstance(wider, int)
    return wider


def test_a_picture_is_loaded_after_a_click_and_not_before(watch: Open, job: Event) -> None:
    watched = watch()
    watched.page.context.route("https://pictures.invalid/**", lambda route: route.fulfill(body=b""))
    page = watched.open(f"/entity/{ALICE.pubkey}")
    show = page.get_by_role("button", name=re.compile("Show picture"))
    expect(show).to_be_visible()
    assert watched.foreign() == []
    show.click()
    expect(page.get_by_role("button", name=re.compile("Not a picture"))).to_be_visible()
    assert watched.foreign() == ["https://pictures.invalid/alice.png"]


def test_the_search_box_finds_events_and_keys(watch: Open, job: Event) -> None:
    page = watch().open("/kinds")
    page.keyboard.press("/")
    box = page.get_by_label("Find a job, an event or a key")
    expect(box).to_be_focused()
    box.fill(f"nostr:{job.id}")
    box.press("Enter")
    expect(page).to_have_url(re.compile(f"/job/{job.id}$"))
    page.keyboard.press("/")
    box.fill(ALICE.pubkey)
    box.press("Enter")
    expect(page).to_have_url(re.compile(f"/entity/{ALICE.pubkey}$"))
    npub = page.locator("dd code").first.inner_text()
    page.goto(f"{page.url.split('/entity')[0]}/{npub}")
    expect(page.get_by_role("heading", level=1)).to_have_text("alice")


def test_a_secret_key_is_refused_and_never_sent(watch: Open) -> None:
    watched = watch()
    page = watched.open("/")
    box = page.get_by_label("Find a job, an event or a key")
    box.fill(NSEC)
    expect(page.get_by_role("alert")).to_contain_text("secret key")
    expect(box).to_have_value("")
    box.press("Enter")
    page.goto(f"{watched.own}/kinds")
    sent = [f"{request.url} {request.post_data or ''}" for request in watched.requests]
    assert not any(NSEC in text for text in sent)


ROUTES = {
    "/": "Dashboard",
    "/jobs": "Jobs",
    "/jobs?kind=5050": "Jobs of kind 5050",
    "/kinds": "Kinds",
    "/relays": "Pipeline",
    "/pipeline": "Pipeline",
    "/job/{job}": "Text generation",
    "/event/{job}": "Text generation",
    "/{job}": "Text generation",
    "/entity/{alice}": "alice",
    "/dvm/{quill}": "Quill",
    "/user/{alice}": "alice",
    "/event/" + "0" * 64: "Event not seen yet",
    "/entity/" + "0" * 64: "Key not seen yet",
    "/" + "0" * 64: "Not seen yet",
    "/npub1damaged": "This address can't be read",
    "/no/such/page": "There is no such page",
}


@pytest.mark.parametrize("path", ROUTES)
def test_every_address_works_when_it_is_loaded(watch: Open, job: Event, path: str) -> None:
    watched = watch(width=390)
    page = watched.open(path.format(job=job.id, alice=ALICE.pubkey, quill=QUILL.pubkey))
    expect(page.get_by_role("heading", level=1)).to_contain_text(ROUTES[path])
    expect(page).to_have_title(re.compile(re.escape(ROUTES[path])))
    assert overflow(page) <= 0
    assert watched.foreign() == []


def test_the_theme_and_the_times_can_be_chosen_and_stay(watch: Open, job: Event) -> None:
    page = watch().open("/jobs")
    page.get_by_role("button", name="dark", exact=True).click()
    page.keyboard.press("t")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("main time").first).to_have_text(re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$"))


def test_a_question_mark_shows_the_keys(watch: Open) -> None:
    page = watch().open("/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Pause or go on")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
