from litestar import Litestar, get
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from cards import llm


async def card(request):
    word = request.path_params["word"]
    return JSONResponse({"hint": await llm.hint(word), **await llm.classify(word)})


@get("/ping")
async def ping() -> str:
    return "pong"


app = Starlette(routes=[Route("/card/{word}", card)])
admin = Litestar([ping])
