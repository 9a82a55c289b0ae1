import logging
import os

from openai import AsyncOpenAI
from telegram import Update
from telegram.ext import ApplicationBuilder, CommandHandler, ContextTypes, MessageHandler, filters

logging.basicConfig(level=logging.INFO)

deepseek = AsyncOpenAI(api_key=os.environ["DEEPSEEK_API_KEY"], base_url="https://api.deepseek.com")
targets: dict[int, str] = {}
_memo: dict[tuple[str, str], str] = {}


async def translated(text: str, target: str) -> str:
    if (text, target) in _memo:
        return _memo[(text, target)]
    completion = await deepseek.chat.completions.create(
        model="deepseek-chat",
        temperature=0,
        messages=[
            {"role": "system", "content": f"Translate into {target}. Output the translation only."},
            {"role": "user", "content": text},
        ],
    )
    answer = completion.choices[0].message.content or ""
    _memo[(text, target)] = answer
    return answer


async def set_target(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    targets[update.effective_chat.id] = " ".join(context.args) or "English"
    await update.message.reply_text("ok")


async def example(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    target = targets.get(update.effective_chat.id, "English")
    completion = await deepseek.chat.completions.create(
        model="deepseek-chat",
        temperature=1.3,
        messages=[{"role": "user", "content": f"Write one surprising sentence in {target} for a learner."}],
    )
    await update.message.reply_text(completion.choices[0].message.content)


async def on_text(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    target = targets.get(update.effective_chat.id, "English")
    await update.message.reply_text(await translated(update.message.text, target))


def main() -> None:
    app = ApplicationBuilder().token(os.environ["TELEGRAM_TOKEN"]).build()
    app.add_handler(CommandHandler("to", set_target))
    app.add_handler(CommandHandler("example", example))
    app.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, on_text))
    app.run_polling()


if __name__ == "__main__":
    main()
