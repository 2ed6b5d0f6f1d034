"""The command line: thin commands, one function each."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Literal

import click

from instmatch.errors import InputError
from instmatch.files import atomic_write
from instmatch.io.records import Answer, print_table, rounded, write_records
from instmatch.io.rows import Row, format_of, read_rows
from instmatch.resolver import Resolution, Resolver

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
    "--layout", type=click.Choice(["auto", "lines", "table"]), default="auto", show_default=True,
    help="One name a line under country headings, or a table; auto goes by the file's ending.",
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
@click.option("--precision", metavar="P", type=float, default=0.99, show_default=True,
              help="How often a match must be right, on average.")  # fmt: skip
@click.option("--workers", metavar="N", type=int, default=1, show_default=True,
              help="Processes to spread the work over.")  # fmt: skip
def resolve(
    input: str,
    column: str | None,
    country_column: str | None,
    country: str | None,
    layout: Literal["auto", "lines", "table"],
    output: str | None,
    gazetteer: Path | None,
    model: Path | None,
    corrections: Path | None,
    top: int,
    precision: float,
    workers: int,
) -> None:
    """Resolve the names of INPUT: text, .csv, .tsv or .jsonl; - is standard input.

    A list (.txt, -) has one name a line; a line that is only a country or region is the heading
    of the lines below it. On a terminal the answer is a table, into a pipe JSON Lines.
    """
    form = format_of(output, "write a file") if output else "jsonl"
    if form == "lines":
        raise InputError(f"{output}: write a file with one of the endings .jsonl, .csv, .tsv.")
    resolver = Resolver(
        gazetteer, model, corrections=corrections, precision=precision, top=top, workers=workers
    )
    rows = read_rows(input, layout, column, country_column)
    counts: Counter[str] = Counter()
    answers = _count(_progress(resolver.answer_rows(rows, country)), counts)
    if output:
        with atomic_write(Path(output)) as file:
            write_records(answers, form, file)
    elif sys.stdout.isatty():
        print_table(answers)
    else:
        write_records(answers, form, sys.stdout.buffer)
    summary = ", ".join(f"{counts[status]} {status}" for status in counts)
    click.echo(f"{counts.total()} names: {summary or 'none'}.", err=True)
    if counts["error"]:
        sys.exit(1)
