import os
from pathlib import Path

import yaml
from dotenv import dotenv_values

HERE = Path(__file__).resolve().parent

defaults = yaml.safe_load((HERE / "defaults.yaml").read_text())
env = {**dotenv_values(".env"), **os.environ}

REPORT_MODEL, CHECK_MODEL = defaults["models"]["report"], defaults["models"]["check"]
TONE = env.get("FIELDREPORTS_TONE", "matter-of-fact")
