from django.db import models


class Room(models.Model):
    """A conversation between a customer and the shop."""

    customer = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    summary = models.TextField(blank=True)


class Message(models.Model):
    room = models.ForeignKey(Room, related_name="messages", on_delete=models.CASCADE)
    text = models.TextField()
    sent = models.DateTimeField(auto_now_add=True)
