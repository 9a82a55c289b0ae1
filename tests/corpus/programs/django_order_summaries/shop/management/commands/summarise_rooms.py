from django.core.management.base import BaseCommand

from shop.llm import summarise
from shop.models import Room


class Command(BaseCommand):
    help = "Write a summary into every room that has none"

    def add_arguments(self, parser):
        parser.add_argument("--words", type=int, default=40)

    def handle(self, *args, **options):
        rooms = Room.objects.filter(summary="").prefetch_related("messages")
        for room in rooms:
            text = "\n".join(m.text for m in room.messages.all())
            room.summary = summarise(text, options["words"])
            room.save(update_fields=["summary"])
            self.stdout.write(f"room {room.pk} done")
