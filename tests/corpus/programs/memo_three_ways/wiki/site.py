from flask import Flask, jsonify, render_template

from wiki import lookup

app = Flask(__name__)


@app.route("/")
def start():
    return render_template("start.html", headline=lookup.headline())


@app.route("/street/<name>")
def street(name):
    return jsonify(
        name=name,
        summary=lookup.summary(name),
        etymology=lookup.etymology(name),
        coordinates=lookup.coordinates(name),
    )
