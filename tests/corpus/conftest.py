"""The programs are data: their own tests are not ours."""

collect_ignore = ["programs"]
