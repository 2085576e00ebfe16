"""The Helm chart: it lints, renders what Kubernetes accepts, and refuses wrong values. Run by `make test-chart`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import helm_python as helm
import kubernetes_validate
import pytest
import yaml

CHART = Path(__file__).parents[1] / "istikhraj"
VALUES: dict[str, dict[str, Any]] = {"default": {}} | {
    path.name.removesuffix("-values.yaml"): yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted(CHART.glob("ci/*-values.yaml"))
}
KUBERNETES = ("1.27", "1.31", "1.37")

Manifest = dict[str, Any]


def rendered(values: Mapping[str, Any]) -> list[Manifest]:
    """Every manifest of a release named `news` in the namespace `prod`."""
    with helm.Chart.load(str(CHART)) as chart:
        files = chart.render(dict(values), name="news", namespace="prod")
    return [
        manifest
        for name, text in files.items()
        if name.endswith(".yaml")
        for manifest in yaml.safe_load_all(text)
        if manifest
    ]


def only(kind: str, values: Mapping[str, Any]) -> Manifest:
    """The one manifest of a kind, `helm test`'s pod left out."""
    (found,) = [manifest for manifest in rendered(values) if manifest["kind"] == kind]
    return found


def container(values: Mapping[str, Any]) -> Manifest:
    """The service's container."""
    (found,) = only("Deployment", values)["spec"]["template"]["spec"]["containers"]
    return found


def environment(values: Mapping[str, Any]) -> dict[str, Any]:
    """The container's environment variables."""
    return {item["name"]: item.get("value", item.get("valueFrom")) for item in container(values)["env"]}


def test_lint_finds_nothing() -> None:
    """An icon is the one thing that helm recommends and that we have not."""
    messages = [message["error"] for message in helm.lint(str(CHART))["messages"]]
    assert ["icon is recommended"] == messages


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("name", VALUES)
def test_kubernetes_accepts_every_manifest(name: str, version: str) -> None:
    """Strictly: a field that Kubernetes does not know is an error."""
    manifests = rendered(VALUES[name])
    for manifest in manifests:
        if manifest["apiVersion"] != "monitoring.coreos.com/v1":  # the Prometheus operator's, not Kubernetes' own
            kubernetes_validate.validate(manifest, version, strict=True)
    assert {"Deployment", "Service"} <= {manifest["kind"] for manifest in manifests}


@pytest.mark.parametrize("name", VALUES)
def test_every_manifest_belongs_to_the_release(name: str) -> None:
    """Names fit Kubernetes, and the namespace is the release's."""
    for manifest in rendered(VALUES[name]):
        assert "prod" == manifest["metadata"]["namespace"]
        assert manifest["metadata"]["name"].startswith(VALUES[name].get("fullnameOverride", "news-istikhraj"))


def test_optional_parts_come_when_asked() -> None:
    """The kinds that each set of values gives."""
    kinds = {name: {manifest["kind"] for manifest in rendered(values)} for name, values in VALUES.items()}
    assert {"Deployment", "Service", "Pod"} == kinds["small"]
    assert kinds["small"] | {"PodDisruptionBudget", "ServiceAccount"} == kinds["default"]
    assert (
        kinds["default"]
        | {
            "HorizontalPodAutoscaler",
            "Ingress",
            "NetworkPolicy",
            "ServiceMonitor",
        }
        == kinds["everything"]
    )


@pytest.mark.parametrize("name", VALUES)
def test_pods_have_no_privileges(name: str) -> None:
    """Not root, nothing writable but /tmp, no capabilities, no token."""
    for manifest in rendered(VALUES[name]):
        if manifest["kind"] not in {"Deployment", "Pod"}:
            continue
        pod = manifest["spec"]["template"]["spec"] if manifest["kind"] == "Deployment" else manifest["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] > 0
        assert {"type": "RuntimeDefault"} == pod["securityContext"]["seccompProfile"]
        for item in pod["containers"]:
            assert {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            } == item["securityContext"]


def test_the_service_selects_the_deployments_pods_alone() -> None:
    """`helm test`'s pod would otherwise get traffic."""
    selector = only("Service", {})["spec"]["selector"].items()
    assert selector <= only("Deployment", {})["spec"]["template"]["metadata"]["labels"].items()
    assert not selector <= only("Pod", {})["metadata"]["labels"].items()


def test_probes_ask_the_health_endpoints() -> None:
    """Alive is not ready: a pod that drains is alive."""
    paths = {
        name: container({})[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")
    }
    assert {
        "startupProbe": "/health/ready",
        "livenessProbe": "/health/live",
        "readinessProbe": "/health/ready",
    } == paths


@pytest.mark.parametrize(
    ("values", "grace"),
    [
        ({}, 45),
        ({"preStopSeconds": 0, "settings": {"REQUEST_TIMEOUT": 12.5}}, 23),
        ({"preStopSeconds": 15, "settings": {"DRAIN_SECONDS": 2.5, "REQUEST_TIMEOUT": 300}}, 328),
    ],
)
def test_a_pod_gets_the_time_that_stopping_takes(values: dict[str, Any], grace: int) -> None:
    """To be forgotten, to drain, for the documents in hand, and ten seconds more."""
    assert grace == only("Deployment", values)["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]


def test_a_pod_takes_work_until_it_is_forgotten() -> None:
    """Endpoints are updated while the pod is already told to stop: it sleeps first."""
    assert ["sleep", "5"] == container({})["lifecycle"]["preStop"]["exec"]["command"]


def test_settings_arrive_as_they_were_written() -> None:
    """Helm's own way with large numbers, 4e+06, would be no integer to the service."""
    values = {"settings": {"QUEUE_CHARS": 4000000, "REQUEST_TIMEOUT": 12.5, "LOG_LEVEL": "warning"}}
    given = environment(values)
    assert ("4000000", "12.5", "warning") == (given["QUEUE_CHARS"], given["REQUEST_TIMEOUT"], given["LOG_LEVEL"])
    assert ("0.0.0.0", "8000") == (given["HOST"], given["PORT"])  # noqa: S104 - a container listens on all of its own
    assert "API_KEYS" not in given


def test_keys_come_from_a_secret() -> None:
    """Never from the values."""
    given = environment({"apiKeys": {"secretName": "keys"}})
    assert {"secretKeyRef": {"name": "keys", "key": "api-keys"}} == given["API_KEYS"]


def test_a_digest_wins_over_a_tag() -> None:
    """What runs is what was named, most exactly."""
    digest = "sha256:" + "0" * 64
    assert "istikhraj:1.2.3" == container({"image": {"tag": "1.2.3"}})["image"]
    assert f"istikhraj@{digest}" == container({"image": {"tag": "1.2.3", "digest": digest}})["image"]


def test_an_autoscaler_owns_the_replicas() -> None:
    """A Deployment that named a number would undo the autoscaler's at every upgrade."""
    assert 2 == only("Deployment", {})["spec"]["replicas"]
    assert "replicas" not in only("Deployment", {"autoscaling": {"enabled": True}})["spec"]


def test_the_network_policy_lets_nothing_out() -> None:
    """The service calls nobody."""
    policy = only("NetworkPolicy", {"networkPolicy": {"enabled": True}})["spec"]
    assert ([{"ports": [{"port": "http", "protocol": "TCP"}]}], []) == (policy["ingress"], policy["egress"])


@pytest.mark.parametrize(
    "values",
    [
        {"replicas": 3},
        {"replicaCount": "three"},
        {"replicaCount": -1},
        {"image": {"repository": ""}},
        {"image": {"digest": "sha256:short"}},
        {"settings": {"MAX_CHAR": 1000}},
        {"settings": {"MAX_CHARS": 0}},
        {"settings": {"LOG_LEVEL": "loud"}},
        {"settings": {"HOST": "127.0.0.1"}},
        {"settings": {"API_KEYS": "secret"}},
        {"preStopSeconds": 1.5},
        {"service": {"port": 70000}},
        {"serviceMonitor": {"interval": "often"}},
        {"ingress": {"enabled": True}},
        {"podDisruptionBudget": {"maxUnavailable": 0}},
        {"resources": {"limits": {"memory": "2GB"}}},
        {"fullnameOverride": "No_Such_Name"},
    ],
    ids=str,
)
def test_a_wrong_value_is_refused(values: dict[str, Any]) -> None:
    """By the schema, before anything is rendered."""
    with pytest.raises(helm.HelmError, match="values don't meet the specifications of the schema"):
        rendered(values)
