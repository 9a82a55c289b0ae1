import os

import discord
from openai import AsyncOpenAI

from .core import Oracle

client = discord.Client(intents=discord.Intents.all())
oracle = Oracle(AsyncOpenAI())


@client.event
async def on_message(message: discord.Message):
    if message.author == client.user:
        return
    if await oracle.is_question(message.content):
        await message.channel.send(await oracle.speak(str(message.author.id), message.content))


def main():
    client.run(os.environ["DISCORD_TOKEN"])
