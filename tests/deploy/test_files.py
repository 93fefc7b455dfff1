"""compose.yaml and kubernetes/ say the same as the list of services."""

import subprocess

import pytest
import yaml

from deploy import containers
from deploy.processes import IDENTITY, PROGRAMS, ROOT, packages, processes

DEPLOY = ROOT / "deploy"


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def cluster():
    """Returns (kind, name) → object, as kustomize makes them."""
    command = [PROGRAMS / "kubectl", "kustomize", DEPLOY / "kubernetes"]
    made = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {(each["kind"], each["metadata"]["name"]): each for each in yaml.safe_load_all(made)}


def addresses(text):
    return {name: address.removeprefix("dns:///") for name, address in yaml.safe_load(text).items()}


SERVICES = {each.name: f"{each.name}:{each.port}" for each in processes() if each.name in packages()}


@pytest.mark.parametrize("process", processes(), ids=lambda process: process.name)
def test_compose_runs_every_process_where_it_is_listed(compose, process):
    service = compose["services"][process.name]

    assert service["command"] == ["serve", process.name]
    assert service["environment"]["CRM_LISTEN"] == f"0.0.0.0:{process.port}"
    assert service["environment"]["CRM_METRICS_LISTEN"] == f"0.0.0.0:{process.metrics_port}"
    assert addresses(service["environment"]["CRM_SERVICES"]) == SERVICES


@pytest.mark.parametrize("process", processes(), ids=lambda process: process.name)
def test_kubernetes_runs_every_process_where_it_is_listed(cluster, process):
    [container] = cluster["Deployment", process.name]["spec"]["template"]["spec"]["containers"]
    environment = {each["name"]: each["value"] for each in container["env"]}

    assert container["args"] == ["serve", process.name]
    assert environment["CRM_LISTEN"] == f"0.0.0.0:{process.port}"
    assert environment["CRM_METRICS_LISTEN"] == f"0.0.0.0:{process.metrics_port}"
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert [port["port"] for port in cluster["Service", process.name]["spec"]["ports"]] == [process.port]
    assert ("PodDisruptionBudget", process.name) in cluster
    assert ("NetworkPolicy", process.name) in cluster


def test_kubernetes_says_where_every_service_is(cluster):
    assert addresses(cluster["ConfigMap", "settings"]["data"]["CRM_SERVICES"]) == SERVICES


def test_every_database_is_migrated_before_its_service_starts(compose, cluster):
    for name in packages():
        job = cluster["Job", f"migrate-{name}"]["spec"]["template"]["spec"]["containers"][0]
        user = "gateway" if name == IDENTITY else name

        assert job["args"] == compose["services"][f"migrate-{name}"]["command"] == ["migrate", name]
        assert compose["services"][user]["depends_on"][f"migrate-{name}"] == {
            "condition": "service_completed_successfully"
        }


def test_containers_find_all_the_secrets_they_mount(compose, cluster, tmp_path):
    containers.make_secrets(tmp_path / "secrets", "postgres:5432", "nats:4222")
    made = {path.name for path in (tmp_path / "secrets").iterdir()}

    mounted = {
        volume.split(":")[0].removeprefix("./secrets/").split("/")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if volume.startswith("./secrets/")
    }
    named = {
        volume["secret"]["secretName"]
        for (kind, _), each in cluster.items()
        if kind in ("Deployment", "Job")
        for volume in each["spec"]["template"]["spec"]["volumes"]
        if "secret" in volume
    }
    assert mounted <= made
    assert named <= made


def test_secrets_for_containers_stay_the_same(tmp_path):
    def contents():
        containers.make_secrets(tmp_path / "secrets", "postgres:5432", "nats:4222")
        return {path: path.read_bytes() for path in (tmp_path / "secrets").rglob("*") if path.is_file()}

    assert contents() == contents()
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0


def test_three_nats_nodes_accept_their_shared_configuration(tmp_path):
    containers.make_secrets(tmp_path, "postgres:5432", "nats:4222")
    lines = (tmp_path / "nats" / "passwords.env").read_text("utf-8").splitlines()
    environment = {"NATS_NAME": "nats-1", **dict(line.split("=", 1) for line in lines)}

    check = [PROGRAMS / "nats-server", "-t", "--config", DEPLOY / "nats" / "cluster.conf"]

    assert subprocess.run(check, env=environment, capture_output=True, check=False).returncode == 0
