from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from . import llm
from .models import Room


@require_POST
def post_message(request, room_id):
    room = get_object_or_404(Room, pk=room_id)
    room.messages.create(text=request.POST["text"])
    return JsonResponse({"count": room.messages.count()})


def room_summary(request, room_id):
    room = get_object_or_404(Room, pk=room_id)
    lines = "\n".join(room.messages.values_list("text", flat=True))
    return JsonResponse({"summary": llm.summarise(lines)})
