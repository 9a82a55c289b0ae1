import sys

from roles.base import Role
from roles.cast import Baker, Judge, Parrot, Translator

CAST: dict[str, type[Role]] = {"baker": Baker, "judge": Judge, "parrot": Parrot, "translator": Translator}


def play(role: Role) -> None:
    while True:
        try:
            line = input(f"{type(role).__name__.lower()}> ")
        except (EOFError, KeyboardInterrupt):
            break
        print(role.reply(line))


if __name__ == "__main__":
    play(CAST[sys.argv[1]]())
