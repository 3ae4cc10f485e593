"""Settings: read from the environment, refused with their name, documented, never shown in the clear."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dvmdash.ops.errors import UsageError
from dvmdash.ops.settings import DEFAULT_RELAYS, Settings, demo_folder, load_settings, redacted
from dvmdash.ops.settings_page import settings_page

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_has_a_description_and_stands_in_the_documentation() -> None:
    assert all(field.description for field in Settings.model_fields.values())
    assert PAGE.read_text(encoding="utf-8") == settings_page(), "run python -m dvmdash.ops.settings_page"


def test_relays_are_separated_by_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVMDASH_RELAYS", "wss://one.example, wss://two.example")
    assert load_settings().relays == ("wss://one.example", "wss://two.example")


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVMDASH_RELAYS", "")
    assert load_settings().relays == DEFAULT_RELAYS


def test_an_option_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVMDASH_WEB_PORT", "1234")
    assert load_settings(web_port=4321).web_port == 4321
    assert load_settings(web_port=None).web_port == 1234


def test_a_file_is_read_from_the_folder_started_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DVMDASH_COLLECTOR_ID=attic\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_settings().collector_id == "attic"


def test_a_wrong_value_is_refused_by_the_variable_s_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVMDASH_WEB_PORT", "seventy")
    with pytest.raises(UsageError, match="DVMDASH_WEB_PORT"):
        load_settings()


def test_secrets_are_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVMDASH_NEO4J_PASSWORD", "open sesame")
    monkeypatch.setenv("DVMDASH_RELAY_SECRET_KEY", "nsec1open")
    settings = load_settings()
    shown = json.dumps(redacted(settings)) + repr(settings)
    assert "sesame" not in shown
    assert "nsec1" not in shown
    assert redacted(settings)["DVMDASH_NEO4J_PASSWORD"] == "**********"


def test_a_demo_is_kept_apart_and_found_while_it_alone_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DVMDASH_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    own = load_settings().data
    demo = demo_folder(load_settings())
    assert demo == own.with_name(f"{own.name}-demo")

    demo.mkdir(parents=True)
    (demo / "endpoints.json").write_text('{"web": "http://127.0.0.1:1/"}')
    assert load_settings().data == demo
    assert load_settings(starting=True).data == own

    own.mkdir()
    (own / "endpoints.json").write_text('{"web": "http://127.0.0.1:2/"}')
    assert load_settings().data == own


def test_a_demo_on_a_given_folder_uses_that(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path / "mine")
    assert demo_folder(settings) == tmp_path / "mine"
