import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3

runtime = boto3.client("bedrock-runtime", region_name=os.environ.get("AWS_REGION", "us-east-1"))

CRITERIA = Path(__file__).with_name("criteria.txt")


def invoke(model_id, body):
    response = runtime.invoke_model(modelId=model_id, body=json.dumps(body))
    return json.loads(response["body"].read())


def screen(path):
    prompt = (
        f"{CRITERIA.read_text()}\n\nDoes the applicant meet every criterion? "
        f"Answer with the single word yes or no.\n\n{path.read_text()}"
    )
    response = runtime.invoke_model(
        modelId="anthropic.claude-3-opus-20240229-v1:0",
        body=json.dumps(
            {
                "anthropic_version": "bedrock-2023-05-31",
                "max_tokens": 3,
                "temperature": 0,
                "messages": [{"role": "user", "content": prompt}],
            }
        ),
    )
    answer = json.loads(response["body"].read())
    return path.name, answer["content"][0]["text"].strip().lower() == "yes"


def vector(text):
    return invoke("amazon.titan-embed-text-v2:0", {"inputText": text})["embedding"]


def main(folder):
    paths = sorted(Path(folder).glob("*.txt"))
    with ThreadPoolExecutor(max_workers=8) as pool:
        results = dict(pool.map(screen, paths))
    keep = [path for path in paths if results[path.name]]
    vectors = {path.name: vector(path.read_text()[:8000]) for path in keep}
    Path("vectors.json").write_text(json.dumps(vectors))
    print(f"{len(keep)} of {len(paths)} applications kept")


if __name__ == "__main__":
    main(sys.argv[1])
