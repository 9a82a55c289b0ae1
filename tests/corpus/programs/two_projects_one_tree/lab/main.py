import csv

from client import ask


def main():
    with open("samples.csv", newline="") as fh:
        for row in csv.DictReader(fh):
            print(row["id"], ask("Which substance is described?\n" + row["text"]))


if __name__ == "__main__":
    main()
