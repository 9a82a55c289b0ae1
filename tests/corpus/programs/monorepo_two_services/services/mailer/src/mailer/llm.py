from google import genai

client = genai.Client()


def complete(prompt, limit=64):
    return client.models.generate_content(
        model="gemini-2.5-pro",
        contents=prompt,
        config=genai.types.GenerateContentConfig(temperature=0, max_output_tokens=limit),
    ).text
