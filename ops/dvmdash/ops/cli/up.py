"""`dvmdash up`."""

from __future__ import annotations

from typing import Annotated

import typer

from dvmdash.ops.cli.options import DataOption, example
from dvmdash.ops.settings import demo_folder, load_settings
from dvmdash.ops.up.run import UpOptions, run_up


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog=example("dvmdash up\ndvmdash up --demo\ndvmdash up --port 8080 --relay wss://relay.example")
    )(up)


def up(
    demo: Annotated[
        bool,
        typer.Option(
            "--demo", help="Collect made-up traffic, from a relay and into a data folder of its own."
        ),
    ] = False,
    data: DataOption = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port of the pages.", show_default="a free one")
    ] = None,
    no_relays: Annotated[bool, typer.Option("--no-relays", help="Collect from no relay.")] = False,
    relay: Annotated[
        list[str] | None,
        typer.Option(help="A relay to collect from, instead of the settings' ones; repeatable."),
    ] = None,
) -> None:
    """Start everything on this machine and print where; Ctrl-C stops it all."""
    relays = tuple(relay) if relay else None
    settings = load_settings(starting=True, data=data, web_port=port, relays=relays)
    if demo:
        settings = settings.model_copy(update={"data": demo_folder(settings)})
    run_up(settings, UpOptions(demo=demo, relays=not no_relays))
