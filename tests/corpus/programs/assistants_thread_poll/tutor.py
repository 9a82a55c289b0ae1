import argparse
import time

import openai

ASSISTANT = "asst_geometry"


def run_thread(thread_id):
    run = openai.beta.threads.runs.create(thread_id=thread_id, assistant_id=ASSISTANT, model="gpt-4o")
    while run.status in ("queued", "in_progress"):
        time.sleep(1)
        run = openai.beta.threads.runs.retrieve(run.id, thread_id=thread_id)
    if run.status != "completed":
        raise SystemExit(run.last_error)
    if run.usage:
        print(f"[{run.usage.total_tokens} tokens]")
    return openai.beta.threads.messages.list(thread_id=thread_id, limit=1).data[0]


def lesson():
    thread = openai.beta.threads.create()
    while True:
        question = input("question: ")
        if not question:
            break
        openai.beta.threads.messages.create(thread_id=thread.id, role="user", content=question)
        print(run_thread(thread.id).content[0].text.value)


def clip(scene):
    job = openai.videos.create(model="sora-2", prompt=scene, seconds="4")
    for _ in range(120):
        job = openai.videos.retrieve(job.id)
        if job.status in ("completed", "failed"):
            break
        time.sleep(5)
    openai.videos.download_content(job.id).write_to_file("clip.mp4")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--clip")
    args = parser.parse_args()
    clip(args.clip) if args.clip else lesson()
