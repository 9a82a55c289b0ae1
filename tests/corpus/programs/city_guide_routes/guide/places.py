import json
from pathlib import Path

PLACES = json.loads((Path(__file__).parent / "places.json").read_text())
