from django.db import models


class Recipe(models.Model):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    text = models.TextField()
