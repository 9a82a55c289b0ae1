import random

import backoff
import click
from together import Together
from together.error import RateLimitError

together = Together()
MODEL = "meta-llama/Llama-3.3-70B-Instruct-Turbo"

GENRES = ["ghost story", "heist", "sea voyage", "comedy of errors"]


@backoff.on_exception(backoff.expo, RateLimitError, max_tries=6)
def tell(genre, words=200):
    place = random.choice(["a lighthouse", "a night train", "an empty mall"])
    out = together.chat.completions.create(
        model=MODEL,
        temperature=1.1,
        top_p=0.95,
        messages=[
            {"role": "system", "content": "You write surprising openings of stories."},
            {"role": "user", "content": f"The opening of a {genre} in {place}, about {words} words."},
        ],
    )
    return out.choices[0].message.content


@click.group()
def cli():
    """Story seeds."""


@cli.command()
@click.argument("genre", type=click.Choice(GENRES))
@click.option("-n", default=3)
def sample(genre, n):
    """Write N openings to choose from."""
    for i in range(n):
        click.secho(f"--- {i + 1}", fg="yellow")
        click.echo(tell(genre))


@cli.command()
def tour():
    """One opening of every genre."""
    for genre in GENRES:
        click.echo(f"# {genre}\n\n{tell(genre, words=60)}\n")


if __name__ == "__main__":
    cli()
