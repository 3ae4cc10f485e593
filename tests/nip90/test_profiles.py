from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvmdash.nip90.event import Event
from dvmdash.nip90.profiles import MAX_ANNOUNCED_KINDS, Profile, read_announcement, read_profile

from .signing import Signer

DVM = Signer("dvm")


def test_a_profile_is_read_field_by_field() -> None:
    content = {
        "name": "alice\u202e",
        "display_name": "Alice  A",
        "picture": "https://x.example/a.png",
        "about": "line\nline",
        "nip05": "alice@x.example",
        "lud16": "alice@pay.example",
        "birthday": 7,
    }
    assert read_profile(orjson.dumps(content).decode()) == Profile(
        "alice", "Alice A", "https://x.example/a.png", "line line", "alice@x.example", "alice@pay.example"
    )


def test_other_spellings_of_display_name_and_picture_are_read() -> None:
    read = read_profile('{"displayName": "Al", "image": "http://x.example/a.png"}')
    assert (read.display_name, read.picture) == ("Al", "http://x.example/a.png")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        "7",
        "{" * 9_000,
        '{"name": 7, "about": [], "picture": {}, "nip05": null}',
    ],
)
def test_what_is_no_profile_is_an_empty_one(content: str) -> None:
    assert read_profile(content) == Profile()


@pytest.mark.parametrize(
    "picture",
    [
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "//x.example/a",
        "ftp://x.example",
        "https://",
        "https://x.example/a b",
        'https://x.example/"><script>',
        "https://x.example/" + "a" * 500,
        "https://x\u202e.example /a",
    ],
)
def test_only_a_plain_web_address_is_a_picture(picture: str) -> None:
    assert read_profile(orjson.dumps({"picture": picture}).decode()).picture is None


def test_texts_are_bounded() -> None:
    read = read_profile(
        orjson.dumps(dict.fromkeys(["name", "about", "nip05", "lud16"], "x" * 90_000)).decode()
    )
    assert [len(text or "") for text in (read.name, read.about, read.nip05, read.lud16)] == [
        80,
        280,
        200,
        200,
    ]


@given(
    st.text(max_size=200)
    | st.dictionaries(st.sampled_from(["name", "picture"]), st.text()).map(lambda d: orjson.dumps(d).decode())
)
def test_no_content_raises(content: str) -> None:
    assert isinstance(read_profile(content), Profile)


@pytest.mark.parametrize(
    ("values", "kinds", "announces_jobs"),
    [
        (["5300", "5050", "5300"], (5050, 5300), True),
        (["1", "30023"], (1, 30023), False),
        (["6300", "7000"], (6300, 7000), False),
        (["5969", "5128"], (5128, 5969), False),
        (["5000"], (5000,), True),
        (["5999"], (5999,), True),
        (["x", "", "-1", "70000", "5.0", "٥٣٠٠", "0005300", "5000-5999"], (), False),
        ([], (), False),
    ],
)
def test_announced_kinds_decide_who_is_a_provider(
    values: list[str], kinds: tuple[int, ...], announces_jobs: bool
) -> None:
    read = read_announcement(
        DVM.sign(31990, [["d", "x"], *(["k", value] for value in values)], '{"name":"D"}')
    )
    assert (read.d, read.kinds, read.announces_jobs) == ("x", kinds, announces_jobs)
    assert read.profile.name == "D"


def test_an_announcement_of_everything_is_bounded_and_still_a_provider() -> None:
    tags = [["d", "x" * 9_000], *(["k", str(kind)] for kind in range(3_000, 6_000))]
    read = read_announcement(DVM.sign(31990, tags, "{"))
    assert (len(read.d), len(read.kinds), read.announces_jobs) == (200, MAX_ANNOUNCED_KINDS, True)
    assert read.profile == Profile()


def test_an_announcement_without_d_has_the_empty_one() -> None:
    assert read_announcement(DVM.sign(31990)).d == ""


def test_the_real_announcements_are_apps_and_no_providers(real_events: list[Event]) -> None:
    read = [read_announcement(event) for event in real_events if event.kind == 31990]
    assert [(one.profile.name, one.announces_jobs) for one in read] == [
        ("Highlighter", False),
        ("YakiHonne", False),
    ]
