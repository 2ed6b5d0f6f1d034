"""The command line: thin commands, one function each."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final, get_args

import click

from instmatch.affiliation import PRECISION, AffiliationResolver
from instmatch.errors import InputError
from instmatch.files import atomic_write
from instmatch.io.answers import Answer, answer_rows
from instmatch.io.records import print_table, write_records
from instmatch.io.rows import Layout, format_of, read_rows
from instmatch.match.decision import Status
from instmatch.resolver import Resolver

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

CURATED: Final = Path("gazetteer")


class Commands(click.Group):
    """Commands that report bad input in one line and exit with status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            click.echo(f"instmatch: {error}", err=True)
            ctx.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="instmatch")
def main() -> None:
    """Say which institution a name means, whatever the script and however garbled."""


_index_option = click.option(
    "--gazetteer", type=click.Path(path_type=Path), metavar="INDEX",
    help="A compiled gazetteer; by default the one installed with instmatch.",
)  # fmt: skip
_model_option = click.option(
    "--model", type=click.Path(path_type=Path), metavar="MODEL",
    help="A trained model; by default the one installed with instmatch.",
)  # fmt: skip


@main.command()
@click.argument("input", metavar="INPUT")
@click.option("--column", metavar="C", help="Column of the names [default: mention, name, …].")
@click.option("--country-column", metavar="C", help="Column of the countries [default: country].")
@click.option("--country", metavar="XX", help="Country or region of all names, in any language.")
@click.option(
    "--layout", type=click.Choice(get_args(Layout)), default="auto", show_default=True,
    help="One name a line under country headings, or a table; auto goes by the file's ending. "
    "affiliation: each line or cell is a whole affiliation, as papers print it, with departments, "
    "addresses and perhaps several institutions.",
)  # fmt: skip
@click.option("--output", metavar="FILE", help="Where to write; .jsonl, .csv or .tsv.")
@_index_option
@_model_option
@click.option(
    "--corrections", type=click.Path(path_type=Path), metavar="FILE",
    help="TSV of your own decisions (action, name, id) that win over everything.",
)  # fmt: skip
@click.option("--top", metavar="K", type=int, default=5, show_default=True,
              help="How many candidates a record lists.")  # fmt: skip
@click.option("--precision", metavar="P", type=float,
              help="How often a match must be right, on average [default: 0.99; of affiliations "
              f"{PRECISION}].")  # fmt: skip
@click.option("--workers", metavar="N", type=int, default=1, show_default=True,
              help="Processes to spread the work over.")  # fmt: skip
def resolve(
    input: str,
    column: str | None,
    country_column: str | None,
    country: str | None,
    layout: Layout,
    output: str | None,
    gazetteer: Path | None,
    model: Path | None,
    corrections: Path | None,
    top: int,
    precision: float | None,
    workers: int,
) -> None:
    """Resolve the names of INPUT: text, .csv, .tsv or .jsonl; - is standard input.

    A list (.txt, -) has one name a line; a line that is only a country or region is the heading
    of the lines below it. On a terminal the answer is a table, into a pipe JSON Lines. With
    --layout affiliation a record has all institutions that are matched in `institutions`, and the
    surest in its own fields.
    """
    form = format_of(output, "write a file", lists=False) if output else "jsonl"
    kind = AffiliationResolver if layout == "affiliation" else Resolver
    asked = {} if precision is None else {"precision": precision}
    resolver = kind(gazetteer, model, corrections=corrections, top=top, workers=workers, **asked)
    rows = read_rows(input, layout, column, country_column)
    counts: Counter[str] = Counter()
    answers = _watched(answer_rows(resolver, rows, country), counts)
    if output:
        with atomic_write(Path(output)) as file:
            write_records(answers, form, file)
    elif sys.stdout.isatty():
        print_table(answers)
    else:
        write_records(answers, form, sys.stdout.buffer)
    told = ", ".join(f"{counts[status]} {status}" for status in get_args(Status) if counts[status])
    click.echo(f"{_count(counts.total(), 'name')}{': ' if told else ''}{told}.", err=True)
    if counts["error"]:
        sys.exit(1)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _watched(answers: Iterable[Answer], counts: Counter[str]) -> Iterator[Answer]:
    """Pass answers on, counting them; progress goes to a terminal's stderr."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} names"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("resolve", total=None)
        for row, found in answers:
            counts[found.status] += 1
            bar.advance(task)
            yield row, found


@main.command()
@click.argument("name")
@click.option("--country", metavar="XX", help="Its country or region, in any language.")
@_index_option
@_model_option
def explain(name: str, country: str | None, gazetteer: Path | None, model: Path | None) -> None:
    """Show how NAME was read, which institutions it may mean, and why."""
    from instmatch.explain import explain as explain_name
    from instmatch.match.evidence import COLUMN

    told = explain_name(Resolver(gazetteer, model), name, country)
    found = told.resolution
    named = f"{found.name}, {found.country}" if found.name else found.mention
    click.echo(f"{found.status}: {named}" + (f" ({found.reason})" if found.reason else ""))
    click.echo(f"type words: {', '.join(told.type_words) or '–'}")
    click.echo(f"what is left: {told.distinguishing or '–'}")
    click.echo("read as:")
    for text, unit in told.readings:
        click.echo(f"  {text}" + (f"  | unit: {unit}" if unit else ""))
    for argument in told.arguments:
        one = argument.candidate
        click.echo(f"\n{one.score:.4f}  {one.name}, {one.country}  {one.id}")
        click.echo(f"  {argument.reading} | compared with: {argument.matched_name}")
        for reason in argument.reasons:
            value = f"{reason.value:.2f}" if reason.evidence in COLUMN else ""
            row = f"{reason.weight:+8.2f}  {reason.evidence:18} {value:>6}  {reason.meaning}"
            click.echo(row)
        total = sum(reason.weight for reason in argument.reasons)
        click.echo(f"{total:+8.2f}  log-odds of {one.score:.4f}")


@main.command()
@click.argument("gold", type=click.Path(path_type=Path), metavar="GOLD.tsv")
@_index_option
@_model_option
@click.option("--errors", type=click.Path(path_type=Path), metavar="FILE",
              help="Write every row that came out otherwise than labelled, as TSV.")  # fmt: skip
def evaluate(gold: Path, gazetteer: Path | None, model: Path | None, errors: Path | None) -> None:
    """Measure on labelled mentions (columns mention, institution, country; see the README).

    A figure stands with its 95 % interval and the counts behind it, with the country hints of
    the file and without, then by source, language and tag.
    """
    from instmatch.evaluate import read_gold
    from instmatch.evaluate.report import report, write_errors
    from instmatch.evaluate.run import evaluate as run

    resolver = Resolver(gazetteer, model)
    rows = read_gold(gold)
    hinted = run(resolver, rows)
    click.echo(report(hinted, run(resolver, rows, use_hints=False)))
    if errors:
        write_errors(hinted, errors)


@main.command()
@click.argument("labels", type=click.Path(path_type=Path), metavar="LABELS.tsv")
@click.option("--output", required=True, type=click.Path(path_type=Path), metavar="MODEL",
              help="Where to write the model.")  # fmt: skip
@_index_option
def train(labels: Path, output: Path, gazetteer: Path | None) -> None:
    """Train a model for lists like LABELS.tsv (columns mention, institution or ror, country).

    Takes about two minutes. Use the result with --model.
    """
    from instmatch.evaluate import read_gold
    from instmatch.index import Index
    from instmatch.learn.train import train as fit

    rows = read_gold(labels)
    fit(Index.load(gazetteer), rows).save(output)
    click.echo(f"{output}: trained, calibrated on {len(rows)} labelled mentions.", err=True)


@main.group()
def gazetteer() -> None:
    """Build, check and look into gazetteers."""


_source_option = click.option(
    "--source", type=click.Path(path_type=Path, exists=True, file_okay=False), default=CURATED,
    show_default=True, metavar="FOLDER", help="The folder of curated files.",
)  # fmt: skip


_names_option = click.option(
    "--names", type=click.Path(path_type=Path), multiple=True, metavar="PATH",
    help="More names by ROR id: TSV (id, lang, name) or Wikidata's JSON.",
)  # fmt: skip
_corrections_option = click.option(
    "--corrections", type=click.Path(path_type=Path), metavar="PATH",
    help="TSV of your own decisions (action, name, id), to put into the index.",
)  # fmt: skip
_compiled_option = click.option(
    "--output", required=True, type=click.Path(path_type=Path), metavar="INDEX",
    help="Where to write the compiled gazetteer.",
)  # fmt: skip


@gazetteer.command()
@_source_option
@click.option("--ror", type=click.Path(path_type=Path), metavar="PATH",
              help="A ROR data dump, zip or JSON, to lay the curated files over.")  # fmt: skip
@_names_option
@_corrections_option
@_compiled_option
def build(
    source: Path, ror: Path | None, names: tuple[Path, ...], corrections: Path | None, output: Path
) -> None:
    """Compile curated files, and a whole registry if it is given, into an index."""
    _compile(source, ror, names, corrections, output)


@gazetteer.group()
def pull() -> None:
    """Download a registry and compile it, with the curated files laid over it, into an index."""


@pull.command("ror")
@_source_option
@_names_option
@_corrections_option
@click.option("--record", metavar="URL",
              help="A mirror's record of the dump, as Zenodo's API gives it.")  # fmt: skip
@_compiled_option
def pull_ror(
    source: Path,
    names: tuple[Path, ...],
    corrections: Path | None,
    record: str | None,
    output: Path,
) -> None:
    """Download the newest ROR data dump, and compile it as build --ror does.

    The dump is kept beside INDEX, and not fetched again while it is the newest. A transfer that
    breaks off leaves a .part file there, from which the next run goes on.
    """
    from rich.progress import BarColumn, DownloadColumn, TimeRemainingColumn

    from instmatch.gazetteer.pull import RECORD
    from instmatch.gazetteer.pull import pull as fetch

    with _progress(BarColumn(), DownloadColumn(), TimeRemainingColumn()) as bar:
        task = bar.add_task("download", total=None)
        dump = fetch(
            output.parent,
            record or RECORD,
            lambda have, size: bar.update(task, completed=have, total=size),
        )
    click.echo(f"{dump}: the newest dump.", err=True)
    _compile(source, dump, names, corrections, output)


def _compile(
    source: Path, ror: Path | None, names: tuple[Path, ...], corrections: Path | None, output: Path
) -> None:
    """Build an index; what is being done goes to a terminal's stderr."""
    from instmatch.gazetteer import read_curated
    from instmatch.gazetteer.corrections import read_corrections
    from instmatch.gazetteer.labels import read_labels
    from instmatch.gazetteer.merge import (
        merge,
        with_corrections,
        with_labels,
        with_living_successors,
    )
    from instmatch.gazetteer.ror import read_ror
    from instmatch.index import Index

    skipped: Counter[str] = Counter()
    with _stages() as (begin, so_far):
        begin("reading")
        gazetteer = read_curated(source)
        labels = [read_labels(path) for path in names]
        decided = read_corrections(corrections) if corrections else None
        registry = list(read_ror(ror, skipped)) if ror else []
        begin("merging")
        if registry:
            gazetteer = merge(registry, gazetteer)
        institutions = with_living_successors(gazetteer.institutions)
        for more in labels:
            institutions = with_labels(institutions, more, skipped)
        if decided:
            institutions = with_corrections(institutions, decided)
        begin("analysing names")
        index = Index.build(replace(gazetteer, institutions=tuple(institutions)), so_far)
        begin("writing")
        index.save(output)
    meta = index.meta
    told = f"{_count(meta['institutions'], 'institution')}, {_count(meta['names'], 'name')}"
    click.echo(f"{output}: {told}.", err=True)
    for reason, number in skipped.items():
        if number:
            click.echo(f"{reason} left out: {number}", err=True)


@contextmanager
def _stages() -> Iterator[tuple[Callable[[str], None], Callable[[int, int], None]]]:
    """Yield two functions that tell what begins and how much of it is done.

    A terminal's stderr shows it, and since when.
    """
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    )  # fmt: skip
    with _progress(*columns) as bar:

        def begin(stage: str) -> None:
            for task in bar.task_ids:
                bar.update(task, total=1, completed=1)
            bar.add_task(stage, total=None)

        def so_far(done: int, total: int) -> None:
            bar.update(bar.task_ids[-1], completed=done, total=total)

        yield begin, so_far


def _progress(*columns: ProgressColumn) -> Progress:
    """Return a progress display that is seen on a terminal's stderr only, and goes at the end."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


@gazetteer.command("validate")
@_source_option
def validate_command(source: Path) -> None:
    """Check curated files: ids, languages, scripts, homonyms, links. Exits with 1 on findings."""
    from instmatch.gazetteer import read_curated
    from instmatch.gazetteer.validate import validate

    findings = validate(read_curated(source))
    for finding in findings:
        click.echo(finding)
    if findings:
        sys.exit(1)
    click.echo("The gazetteer is sound.", err=True)


@gazetteer.command("coverage")
@_source_option
@click.option("--output", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="Where to write the report.")  # fmt: skip
def coverage_command(source: Path, output: Path) -> None:
    """Report as Markdown what curated files cover, by language and country."""
    from instmatch.gazetteer import read_curated
    from instmatch.gazetteer.coverage import coverage

    told = coverage(read_curated(source).institutions)
    with atomic_write(output) as file:
        file.write(told.encode())


@gazetteer.command()
@click.argument("name")
@_index_option
def show(name: str, gazetteer: Path | None) -> None:
    """Show the institutions that bear NAME or have it as id, with all their names."""
    from instmatch.index import Index

    index = Index.load(gazetteer)
    found = index.find(name)
    if not found:
        raise InputError(
            f"nothing in the gazetteer is called {name!r}; see what comes near with: "
            f"instmatch explain {name!r}"
        )
    for one in found:
        click.echo(f"{one.name}, {one.country}  {one.id}")
        for link, id in (("parent", one.parent), ("successor", one.successor)):
            if id:
                click.echo(f"  {link:8} {index.titles[index.number_of[id]]}  {id}")
        for known in one.names:
            click.echo(f"  {known.kind:8} {known.lang:8} {known.value}")


@gazetteer.command()
@_index_option
def stats(gazetteer: Path | None) -> None:
    """Count institutions and names by country and language."""
    from instmatch.index import Index

    institutions = Index.load(gazetteer).institutions()
    names = Counter(name.lang or name.kind for one in institutions for name in one.names)
    countries = Counter(one.country for one in institutions)
    click.echo(f"{len(institutions)} institutions, {names.total()} names")
    for title, counts in (("country", countries), ("language", names)):
        listed = ", ".join(f"{key}\u00a0{number}" for key, number in counts.most_common())
        click.echo(f"by {title}:")
        told = fill(listed, 78, initial_indent="  ", subsequent_indent="  ")
        click.echo(told.replace("\u00a0", " "))
