import asyncio
import os

from aiogram import Bot, Dispatcher, types
from openai import AsyncOpenAI

from .core import Oracle

dp = Dispatcher()
oracle = Oracle(client=AsyncOpenAI())


@dp.message()
async def on_message(message: types.Message):
    await message.answer(await oracle.speak(str(message.from_user.id), message.text or ""))


async def run():
    bot = Bot(os.environ["TELEGRAM_TOKEN"])
    await dp.start_polling(bot)


def main():
    asyncio.run(run())
