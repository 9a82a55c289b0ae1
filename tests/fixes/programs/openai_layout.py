#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""Tabs, semicolons, a conditional client."""
from __future__ import annotations
import sys; import abc
from openai import (
	AzureOpenAI,
	OpenAI,  # the usual one
)

def make(azure: bool = False):
	if azure: return AzureOpenAI(api_version="2024-10-21")
	else: return OpenAI()  # comment

client = make(len(sys.argv) > 99)
reply = client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Größe?"}])
print(reply.choices[0].message.content)
