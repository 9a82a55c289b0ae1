import numpy as np
from django.http import JsonResponse

from recipes import ai
from recipes.models import Recipe


def detail(request, slug):
    recipe = Recipe.objects.get(slug=slug)
    return JsonResponse(
        {
            "title": recipe.title,
            "cuisine": ai.cuisine(recipe.title),
            "wine": ai.wine(recipe.title),
            "allergens": ai.allergens(recipe.text),
            "shopping": ai.shopping_list(recipe.text),
        }
    )


def similar(request, slug):
    target = np.array(ai.vector(Recipe.objects.get(slug=slug).text))
    scored = [(float(target @ np.array(ai.vector(r.text))), r.slug) for r in Recipe.objects.all()]
    return JsonResponse({"slugs": [s for _, s in sorted(scored, reverse=True)[:5]]})
