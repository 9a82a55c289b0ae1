from fastapi import FastAPI

from almanac import llm

app = FastAPI()
visits: dict[str, int] = {}


@app.get("/calendar")
def calendar():
    return {"markdown": llm.calendar()}


@app.get("/plants/{plant}")
def plant(plant: str):
    return {"family": llm.plant_family(plant)}


@app.post("/diary")
def diary(text: str):
    return {"season": llm.season(text)}


@app.get("/gnomes")
def gnomes():
    return {"names": llm.names(3)}


@app.get("/hello/{user}")
def hello(user: str):
    visits[user] = visits.get(user, 0) + 1
    return {"text": llm.greeting(user, visits[user])}
