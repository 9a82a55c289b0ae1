"""Where execution enters: web routes, bots, user interfaces, workers, scheduled jobs, scripts, tests."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import PurePosixPath

from llm_lint.semantics.calls import CallGraph
from llm_lint.semantics.edges import Edge
from llm_lint.semantics.index import ModuleIndex, Scope
from llm_lint.semantics.modules import is_test
from llm_lint.semantics.resolve import dotted_text

# From the most to the least interactive; the first that applies to a request counts.
ORDER = ("web", "bot", "ui", "worker", "cron", "cli", "notebook", "library", "test")

_WEB_ROOTS = frozenset(
    """flask fastapi starlette django rest_framework sanic quart aiohttp bottle tornado litestar falcon ninja
    flask_restful flask_restx robyn chalice pyramid azure mangum modal bentoml""".split()
)
_BOT_ROOTS = frozenset(
    """discord telegram slack_bolt slack_sdk aiogram telebot pyrogram telethon nextcord disnake
    interactions linebot twilio botbuilder nonebot mattermostdriver wechaty itchat matrix_nio nio hikari
    vkbottle""".split()
)
_UI_ROOTS = frozenset("streamlit gradio chainlit nicegui panel dash shiny solara taipy reflex flet".split())
_WORKER_ROOTS = frozenset(
    """celery rq dramatiq huey arq prefect airflow dagster temporalio faust kombu pika procrastinate
    taskiq""".split()
)
_CRON_ROOTS = frozenset("schedule apscheduler rocketry croniter aiocron".split())
_ROUTE_VERBS = frozenset(
    "route get post put delete patch head options websocket websocket_route api_route api_view endpoint "
    "exception_handler middleware".split()
)
_BOT_VERBS = frozenset(
    "command event message message_handler on on_message slash_command listener hybrid_command "
    "callback_query_handler action shortcut app_mention include view handle on_command".split()
)
_WORKER_VERBS = frozenset(
    "task shared_task job actor flow workflow activity defn step op asset dag periodic_task".split()
)
_UI_VERBS = frozenset(
    "on_chat_start on_message on_settings_update action_callback callback set_starters page".split()
)
_CRON_VERBS = frozenset("scheduled_job repeat every cron".split())
_EXAMPLE_DIRECTORY = re.compile(r"(^|/)(examples?|docs?|demos?|samples?|tutorials?|benchmarks?)/")


@cache
def excluded(filename: str) -> str | None:
    """Why a file's requests carry no money by default: ``test`` or ``example``."""
    if is_test(filename):
        return "test"
    return "example" if _EXAMPLE_DIRECTORY.search(filename) else None


class EntryPoints:
    """Classifies the roots from which requests are reached."""

    def __init__(self, graph: CallGraph) -> None:
        self.graph = graph
        self._roots: dict[str, frozenset[str]] = {}

    def of(self, functions: list[Scope]) -> str:
        """The most interactive entry class among a request's function and all its callers."""
        own = functions[0].module.filename
        kept = [f for f in functions if is_test(own) or not is_test(f.module.filename)]
        found = {self._class(function) for function in kept} - {None}
        ranked = [name for name in ORDER if name in found]
        return ranked[0] if ranked else "library"

    def _class(self, function: Scope) -> str | None:
        module = function.module
        if is_test(module.filename):
            return "test"
        named = self._decorated(function) or self._registered(function) or self._by_base(function)
        if named is not None:
            return named
        if self._imports(module) & _UI_ROOTS and self._is_ui(function):
            return "ui"
        if module.source.is_notebook:
            return "notebook"
        if function.kind == "module":
            return "cli"
        if function.name in ("lambda_handler", "handler") and {"event", "context"} <= {
            p.name for p in function.parameters
        }:
            return "web"
        return None

    def _imports(self, module: ModuleIndex) -> frozenset[str]:
        if module.filename not in self._roots:
            self._roots[module.filename] = frozenset(name.split(".")[0] for name in module.imported)
        return self._roots[module.filename]

    def _decorated(self, function: Scope) -> str | None:
        roots = self._imports(function.module)
        for decorator in function.decorators:
            text = dotted_text(decorator)
            verb = text.rsplit(".", 1)[-1]
            owner = text.rpartition(".")[0].rsplit(".", 1)[-1].lower()
            if (
                verb in _ROUTE_VERBS
                and (owner or verb == "api_view")
                and not roots & _BOT_ROOTS - {"twilio", "slack_sdk"}
            ):
                if roots & _WEB_ROOTS or owner in ("app", "router", "bp", "blueprint", "api"):
                    return "web"
            if verb in _UI_VERBS and roots & _UI_ROOTS:
                return "ui"
            if verb in _WORKER_VERBS and (
                roots & _WORKER_ROOTS or owner in ("celery", "celery_app", "worker")
            ):
                return "worker"
            if verb in _CRON_VERBS and roots & _CRON_ROOTS:
                return "cron"
            if verb in _BOT_VERBS and roots & _BOT_ROOTS:
                return "bot"
            if verb in _WORKER_VERBS and verb in ("shared_task", "actor"):
                return "worker"
            if verb in ("command", "group", "callback") and roots & {
                "click",
                "typer",
                "rich_click",
                "cyclopts",
            }:
                return "cli"
            if verb in ("fixture",):
                return "test"
        return None

    def _registered(self, function: Scope) -> str | None:
        """Handed to a framework: ``add_handler(CommandHandler("ask", ask))``, ``Interface(fn=…)``."""
        for edge in self.graph.edges.get(function, ()):
            if edge.form == "call":
                continue
            found = self._by_form(edge)
            if found is not None:
                return found
        return None

    def _by_form(self, edge: Edge) -> str | None:
        roots = self._imports(edge.site.module)
        form = edge.form
        if form in ("do", "add_job", "schedule_job", "scheduled_job") and roots & _CRON_ROOTS:
            return "cron"
        if form.endswith("Handler") or form in ("add_handler", "register", "register_message_handler"):
            return "bot" if roots & _BOT_ROOTS else None
        if form in ("FastAPI", "Starlette", "APIRouter", "BackgroundTask", "add_task") and roots & _WEB_ROOTS:
            return "web"
        if form in (
            "add_url_rule",
            "add_api_route",
            "add_route",
            "path",
            "re_path",
            "Route",
            "add_post",
            "add_get",
        ):
            return "web"
        if roots & _UI_ROOTS and form in (
            "Interface",
            "ChatInterface",
            "click",
            "submit",
            "change",
            "button",
            "then",
            "load",
            "upload",
            "on_click",
        ):
            return "ui"
        if form in ("enqueue", "enqueue_in", "enqueue_at", "apply_async", "delay", "basic_consume"):
            return "worker"
        return None

    def _by_base(self, function: Scope) -> str | None:
        """Methods of framework classes: Django views, discord cogs, tornado handlers."""
        owner = function.owner
        for base in getattr(owner.node, "bases", []) if owner is not None else []:
            text = dotted_text(base).rsplit(".", 1)[-1]
            roots = self._imports(function.module)
            if re.search(r"(View|APIView|ViewSet|Resource|RequestHandler|HTTPEndpoint|Consumer)$", text):
                if roots & _WEB_ROOTS or roots & {"channels", "http"}:
                    return "web"
            if roots & _BOT_ROOTS and re.search(r"(Cog|Client|Bot|ActivityHandler)$", text):
                return "bot"
            if text == "BaseCommand":
                return "cli"
            if text.endswith("TestCase"):
                return "test"
        if function.module.filename.endswith("views.py") and function.parameters:
            if function.parameters[0].name == "request" and "django" in self._imports(function.module):
                return "web"
        return None

    def _is_ui(self, function: Scope) -> bool:
        if function.kind == "module":
            return True
        return (
            not self.graph.edges.get(function) and PurePosixPath(function.module.filename).stem != "__init__"
        )


def is_main_guard(node: ast.stmt) -> bool:
    """``if __name__ == "__main__":``."""
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)
