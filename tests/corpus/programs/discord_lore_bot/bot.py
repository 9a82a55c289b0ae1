import collections
import os

import discord
from discord.ext import commands
from openai import AsyncOpenAI

intents = discord.Intents.default()
intents.message_content = True


class LoreBot(commands.Bot):
    def __init__(self):
        super().__init__(command_prefix="!", intents=intents)
        self.llm = AsyncOpenAI()
        self.history = collections.defaultdict(lambda: collections.deque(maxlen=12))

    async def complete(self, messages, **options):
        options.setdefault("model", "gpt-4o-mini")
        response = await self.llm.chat.completions.create(messages=messages, **options)
        return response.choices[0].message.content


bot = LoreBot()

PERSONA = "You are the archivist of a fantasy city. Stay in character."


@bot.event
async def on_message(message):
    if message.author.bot or not bot.user.mentioned_in(message):
        return
    turns = bot.history[message.channel.id]
    turns.append({"role": "user", "content": f"{message.author.display_name}: {message.clean_content}"})
    async with message.channel.typing():
        text = await bot.complete([{"role": "system", "content": PERSONA}, *turns], temperature=1.1)
    turns.append({"role": "assistant", "content": text})
    for start in range(0, len(text), 1900):
        await message.channel.send(text[start : start + 1900])


@bot.tree.command(name="rate")
async def rate(interaction: discord.Interaction, text: str):
    answer = await bot.llm.chat.completions.create(
        model="gpt-4-turbo",
        max_tokens=1,
        temperature=0,
        messages=[
            {"role": "user", "content": f"Rate this tale from 1 to 9. Reply with the digit only.\n\n{text}"}
        ],
    )
    stars = int(answer.choices[0].message.content)
    await interaction.response.send_message("★" * stars)


bot.run(os.environ["DISCORD_TOKEN"])
