import sys

from client import ask


def room_type(mail):
    return ask("Which room does the guest want: single, double or suite? One word.\n" + mail, max_tokens=3)


def main():
    mails = sys.stdin.read().split("\n---\n")
    for mail in mails:
        print(room_type(mail))


if __name__ == "__main__":
    main()
