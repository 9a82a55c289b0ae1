from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel

from app.config import Settings, get_settings
from app.service import Tagger

router = APIRouter(prefix="/v1")


class Article(BaseModel):
    text: str


def tagger(settings: Annotated[Settings, Depends(get_settings)]) -> Tagger:
    return Tagger.from_settings(settings)


@router.post("/tags")
async def tags(article: Article, service: Annotated[Tagger, Depends(tagger)]) -> list[str]:
    return await service.tags(article.text)


@router.get("/vector")
async def vector(q: str, service: Annotated[Tagger, Depends(tagger)]) -> list[float]:
    return await service.vector(q)


app = FastAPI()
app.include_router(router)
