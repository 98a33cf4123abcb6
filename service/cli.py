"""The command line: check, facts, evaluate, standards, models, serve, worker, keys, secrets, audit, doctor.

Exit status 0: done, and of `check` that all cases are complete; 1: a case lacks something; 2: could not run, told in
one line on standard error. What is heavy is imported by the command that needs it.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from service import audit_cli, keys_cli, officers_cli, operation_cli, secrets_cli
from service.case_folder import photo_file, printable
from service.cases import Gather
from service.cli_options import Config
from service.failure import Failure, attempt
from service.output import complain, print_line
from service.words import Lang
from vision.errors import InputError

COULD_NOT_RUN = 2

app = typer.Typer(
    name="kuaizheng",
    help="Checks the evidence photos of a traffic accident. 快证：交通事故取证照片检查。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
standards_app = typer.Typer(help="Which photos are asked for: list, show, validate.", no_args_is_help=True)
app.add_typer(standards_app, name="standards")
app.add_typer(keys_cli.app, name="keys")
app.add_typer(audit_cli.app, name="audit")
app.add_typer(secrets_cli.app, name="secrets")
app.add_typer(officers_cli.app, name="officers")

Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Judge papers by this day.")]
Provider = Annotated[str | None, typer.Option(help="Execution provider: openvino, cpu, cuda, tensorrt.")]
Language = Annotated[Lang, typer.Option(help="Language of tables and sheets.")]


def main(arguments: list[str] | None = None) -> None:
    """The console script; ``arguments`` null: those of the process. Ends the process with the exit status."""
    outcome = attempt(partial(app, arguments, prog_name="kuaizheng"))
    if isinstance(outcome, Failure):
        complain(str(outcome))
        sys.exit(COULD_NOT_RUN)


@app.command()
def check(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Case folders, or a folder of them.")],
    standard: Annotated[str, typer.Option(metavar="NAME|FILE", help="What to ask for.")] = "four-photos",
    case: Annotated[Path | None, typer.Option(metavar="case.toml", help="Accident type, time, parties.")] = None,
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="Write JSON Lines; - is standard output.")] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write the proof sheet; of several, a folder.")
    ] = None,
    lang: Language = Lang.ZH,
    on: Day = None,
    provider: Provider = None,
) -> None:
    """Say what a party's photos lack: score, decision, findings, next instruction."""
    from service import batch

    order = batch.Order(tuple(folders), standard, case, _day(on), json, html, lang)
    raise typer.Exit(batch.run(order, partial(_bound_gather, provider)))


@app.command()
def facts(
    photos: Annotated[list[str], typer.Argument(metavar="PHOTO...", help="Photo files.")],
    on: Day = None,
    text: Annotated[bool, typer.Option("--text", help="Add every line of text.")] = False,
    provider: Provider = None,
) -> None:
    """Print what is on each photo: one JSON line a photo, in the order given."""
    from service.cases import decoded
    from vision import facts as vision_facts
    from vision.models import bundle
    from vision.wire import facts_to_json, line

    # Every path is looked at before the first model is loaded.
    named = [(photo_file(photo), printable(photo)) for photo in photos]
    for one in vision_facts.gather(decoded(named), bundle.load(provider), text=text, on=_day(on)):
        print_line(line(facts_to_json(one)))


@app.command()
def evaluate(
    role: Annotated[str, typer.Argument(help="The model's role, such as vehicle or plate; or cases.")],
    data: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the photos are.")],
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="Write the numbers to a file too.")] = None,
    split: Annotated[str, typer.Option(help="test, or val while a model is being tuned.")] = "test",
    sheet: Annotated[Path | None, typer.Option(metavar="DIR", help="Draw the worst answers into a folder.")] = None,
    keep: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the networks' answers for next time.")] = None,
) -> None:
    """Measure a model on its fixed test part; the numbers are printed as JSON."""
    from datasets import evaluate as evaluation

    if not data.is_dir():
        raise InputError(f"{data}: no such folder")
    whole_cases = role == "cases"  # their sheets are proof sheets, drawn here
    report = evaluation.main(role, data, json, split, None if whole_cases else sheet, keep)
    if whole_cases and sheet is not None:
        from service import worst_cases

        worst_cases.write(data, report.metrics["worst"], sheet, _bound_gather(None))


@app.command()
def models(
    provider: Provider = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON line a model.")] = False,
) -> None:
    """Tell of each model: its card, hash, provider in use, and whether it loads."""
    from service import model_table

    raise typer.Exit(model_table.show(provider, json))


@app.command()
def serve(config: Config = None) -> None:
    """Take in cases and photos over HTTP; starts its own workers."""
    from service import serve as service
    from service import settings

    service.serve(settings.load(config))


@app.command()
def worker(config: Config = None) -> None:
    """Look at photos that the service has taken in, and judge their cases."""
    from service import serve as service
    from service import settings

    service.work(settings.load(config))


app.command()(operation_cli.doctor)
app.add_typer(operation_cli.backup_app, name="backup")


@standards_app.command("list")
def list_standards(lang: Language = Lang.ZH) -> None:
    """The built-in standards."""
    from service import standard_table

    standard_table.show_all(lang)


@standards_app.command("show")
def show_standard(
    standard: Annotated[str, typer.Argument(metavar="NAME|FILE")],
    lang: Language = Lang.ZH,
) -> None:
    """One standard, requirement by requirement."""
    from service import standard_table

    standard_table.show(standard, lang)


@standards_app.command("validate")
def validate_standards(files: Annotated[list[str], typer.Argument(metavar="NAME|FILE...")]) -> None:
    """Check files before they are used; the line and the reason of what is wrong."""
    from service import standard_table

    raise typer.Exit(standard_table.validate(files))


def _bound_gather(provider: str | None) -> Gather:
    from vision import facts as vision_facts
    from vision.models import bundle

    return partial(vision_facts.gather, models=bundle.load(provider))


def _day(on: datetime | None) -> date | None:
    return on.date() if on else None


if __name__ == "__main__":
    main()
