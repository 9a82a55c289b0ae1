"""python -m plug.host spell text.txt"""
import importlib
import sys

from plug.shared.transport import Transport

PLUGINS = {"spell": "plug.spell", "tone": "plug.tone", "lines": "plug.lines"}


def load(name):
    module = importlib.import_module(PLUGINS[name])
    return getattr(module, "run")


def main():
    name, path = sys.argv[1:3]
    run = load(name)
    transport = Transport(model="gpt-4o")
    with open(path, encoding="utf-8") as fh:
        for number, paragraph in enumerate(fh.read().split("\n\n"), 1):
            print(number, run(transport, paragraph))


if __name__ == "__main__":
    main()
