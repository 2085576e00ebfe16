"""Figures for Prometheus. No label ever holds anything that a client chose: routes, methods and statuses are known."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """One service's figures, in a registry of their own."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "istikhraj_requests", "Answers, by route and status.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "istikhraj_request_seconds",
            "Seconds from a request's head to the end of its answer.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.documents = Counter(
            "istikhraj_documents", "Documents answered, alone or in a batch.", ("status",), registry=self.registry
        )
        self.characters = Counter("istikhraj_characters", "Code points of text asked about.", registry=self.registry)
        self.restarts = Counter(
            "istikhraj_worker_restarts", "Worker processes that had to be replaced.", registry=self.registry
        )

    def watch(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """A gauge that reads its value when it is asked for."""
        Gauge(name, meaning, registry=self.registry).set_function(read)

    def exposition(self) -> bytes:
        """All figures, as Prometheus reads them."""
        return generate_latest(self.registry)
