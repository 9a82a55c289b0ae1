"""The whole-project analysis: files in, inventory out."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable

from llm_lint.model import Inventory
from llm_lint.semantics.calls import CallGraph
from llm_lint.semantics.modules import Modules, Reader
from llm_lint.semantics.requests import Assembler
from llm_lint.semantics.resolve import Resolver
from llm_lint.semantics.settings_files import DataReader
from llm_lint.semantics.surfaces import Surfaces

_RECURSION_LIMIT = 20_000  # evaluation recurses over expressions; frames are small


def analyse(
    filenames: Iterable[str],
    seeds: Iterable[str],
    read: Reader,
    importers: Callable[[str], Iterable[str]],
    surfaces: Surfaces,
    data: DataReader = lambda _: None,
) -> Inventory:
    """Find every request of a project.

    ``filenames`` are all files that imports may name, ``seeds`` those that may issue a request or make
    a client, ``importers`` gives the files whose imports may name a file, ``data`` the text of any other
    file.
    """
    modules = Modules(filenames, read, surfaces.roots)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
    collects = gc.isenabled()
    gc.disable()  # trees and values live to the end: looking for garbage among them costs a fifth of the time
    try:
        graph = CallGraph(Resolver(modules, surfaces, data), importers)
        graph.build(seeds)
        assembler = Assembler(graph)
        requests = assembler.requests()
        gateways = assembler.gateways(requests)
    finally:
        sys.setrecursionlimit(limit)
        if collects:
            gc.enable()
    return Inventory(tuple(requests), tuple(gateways), tuple(modules.skipped))
