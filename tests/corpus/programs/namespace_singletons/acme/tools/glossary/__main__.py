"""python -m acme.tools.glossary terms.txt"""
import sys

from acme.ml import core
from acme.ml.core import complete_text

from ._io import terms


def define(term):
    return complete_text(f"Define {term} in one sentence for a technician.")


def main():
    for term in terms(sys.argv[1]):
        definition = define(term)
        print(term, definition, sep="\t")
    core.reset()


if __name__ == "__main__":
    main()
