"""Write alt texts for a folder of photos."""
import concurrent.futures as cf
import mimetypes
import os
import sys

from google import genai
from google.genai import types

client = genai.Client(api_key=os.environ["GEMINI_API_KEY"])


class Captioner:
    def __init__(self, prompt, model="gemini-2.5-flash", workers=4):
        self.prompt = prompt
        self.model = model
        self.workers = workers
        self.generate = client.models.generate_content

    def caption(self, path):
        mime = mimetypes.guess_type(path)[0] or "image/jpeg"
        with open(path, "rb") as fh:
            part = types.Part.from_bytes(data=fh.read(), mime_type=mime)
        return self.generate(model=self.model, contents=[part, self.prompt]).text

    def folder(self, folder):
        names = [n for n in sorted(os.listdir(folder)) if n.lower().endswith((".jpg", ".png"))]
        with cf.ThreadPoolExecutor(self.workers) as ex:
            futures = {ex.submit(self.caption, os.path.join(folder, n)): n for n in names}
            for future in cf.as_completed(futures):
                yield futures[future], future.result()


def main():
    folder = sys.argv[1]
    captioner = Captioner("Describe the photo in one plain sentence for an alt attribute.")
    for name, text in captioner.folder(folder):
        with open(os.path.join(folder, name + ".txt"), "w", encoding="utf-8") as fh:
            fh.write(text.strip() + "\n")
        print(name)


if __name__ == "__main__":
    main()
