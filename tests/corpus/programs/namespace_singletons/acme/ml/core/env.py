import os

AZURE = bool(os.getenv("ACME_AZURE"))
MODEL = os.getenv("ACME_MODEL", "gpt-4o-mini")
