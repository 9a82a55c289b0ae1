from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Iterator, Optional

import instructor
from openai import OpenAI
from pydantic import BaseModel, EmailStr


class Lead(BaseModel):
    name: str
    company: Optional[str] = None
    email: Optional[EmailStr] = None
    wants_call: bool = False


class Industry(BaseModel):
    label: str


def build_client() -> instructor.Instructor:
    return instructor.from_openai(OpenAI(max_retries=5), mode=instructor.Mode.TOOLS)


def leads(client: instructor.Instructor, folder: Path) -> Iterator[Lead]:
    for path in sorted(folder.glob("*.txt")):
        yield client.chat.completions.create(
            model="gpt-4o",
            response_model=Lead,
            max_retries=2,
            temperature=0,
            messages=[{"role": "user", "content": f"Extract the contact from this note:\n{path.read_text()}"}],
        )


def industry(company: str) -> str:
    client = instructor.from_provider("openai/gpt-4o-mini")
    found, raw = client.chat.completions.create_with_completion(
        response_model=Industry,
        messages=[{"role": "user", "content": f"Industry of {company}, one word"}],
    )
    print(company, raw.usage.total_tokens)
    return found.label


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--company")
    args = parser.parse_args()
    if args.company:
        print(industry(args.company))
        return
    client = build_client()
    with open("leads.csv", "w", newline="") as fh:
        writer = csv.writer(fh)
        for lead in leads(client, args.folder):
            writer.writerow([lead.name, lead.company, lead.email, lead.wants_call])


if __name__ == "__main__":
    main()
