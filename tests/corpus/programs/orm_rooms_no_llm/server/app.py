import pickle

from flask import Flask, jsonify, render_template, request

from server.events import bus
from server.rooms import Chat, Room

app = Flask(__name__)
rooms = {name: Room(name) for name in ("lobby", "support", "random")}
client = Chat()

with open("spam.pkl", "rb") as fh:
    model = pickle.load(fh)


@bus.on("posted")
def notify(room, message):
    app.logger.info("%s in %s", message.author, room.name)


@app.post("/rooms/<name>")
def post(name):
    room = rooms[name]
    text = request.form["text"]
    if model.predict([text])[0] == 1:
        return jsonify(error="spam"), 422
    message = room.messages.create(author=request.form["author"], text=text)
    bus.invoke("posted", room=room, message=message)
    return jsonify(at=message.at.isoformat())


@app.get("/rooms/<name>")
def show(name):
    lines = []
    for chunk in rooms[name].messages.stream():
        lines.append(chunk.text)
    return render_template("room.html", lines=lines)


@app.get("/complete")
def complete():
    return jsonify(client.completions.create(prefix=request.args["q"], rooms=rooms.values()))


if __name__ == "__main__":
    app.run()
