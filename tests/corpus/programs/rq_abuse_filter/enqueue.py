import os
import sys

import psycopg
from redis import Redis
from rq import Queue

from jobs import judge_comment

queue = Queue("comments", connection=Redis())


def main():
    since = sys.argv[1] if len(sys.argv) > 1 else "now() - interval '1 hour'"
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        ids = db.execute("SELECT id FROM comments WHERE created > %s AND verdict IS NULL", (since,))
        for (comment_id,) in ids:
            queue.enqueue(judge_comment, comment_id, job_timeout=60)


if __name__ == "__main__":
    main()
