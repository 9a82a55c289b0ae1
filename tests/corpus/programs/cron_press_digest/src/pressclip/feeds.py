import feedparser


def articles(url):
    for entry in feedparser.parse(url).entries:
        yield entry.title, entry.get("summary", "")
