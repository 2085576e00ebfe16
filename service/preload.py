"""What the fork server imports. All of it stays, so that nothing need search it for garbage, here or in a worker.

A collection would visit every object, which takes time, and in a worker would copy the memory that it shares.
"""

import gc
from importlib import import_module

gc.disable()  # until a worker has loaded its pipeline
for module in ("service.worker", "service.pipeline", "service.models.stance"):
    import_module(module)
gc.freeze()
