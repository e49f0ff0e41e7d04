"""Which workers a verb works on, and what is refused of their options."""

from __future__ import annotations

from pathlib import Path

import pytest

from dronedeal.engine import Processes, Serial, Threads
from dronedeal.errors import CommandError, InputError
from dronedeal.workflow.workers import ClusterAt, cluster_at, workers_of


def test_without_a_cluster_workers_are_those_of_this_machine() -> None:
    assert cluster_at(None) is None
    with workers_of(None, 1) as engine:
        assert isinstance(engine, Serial)
    with workers_of(None, 2) as engine:
        assert isinstance(engine, Threads)
    with workers_of(None, 2, local=Processes) as engine:
        assert isinstance(engine, Processes)
        assert list(engine.map(abs, [-1])) == [1]


def test_options_of_a_cluster_need_its_address_and_tls_all_its_files(tmp_path: Path) -> None:
    file = tmp_path / "a.pem"
    file.write_text("a certificate")
    with pytest.raises(CommandError, match=r"tls_cert: found without a cluster; .* --cluster ADDRESS"):
        cluster_at(None, tls_cert=file)
    with pytest.raises(CommandError, match="worker_timeout: found without a cluster"):
        cluster_at(None, timeout=5.0)
    with pytest.raises(CommandError, match="tls_ca and tls_key: missing beside tls_cert"):
        cluster_at("tls://there:1", tls_cert=file)
    with pytest.raises(CommandError, match=r"tls_key: found no file .*other\.pem"):
        cluster_at("tls://there:1", tls_ca=file, tls_cert=file, tls_key=tmp_path / "other.pem")
    with pytest.raises(CommandError, match=r"worker_timeout: found 0; allowed: seconds from 1 on"):
        cluster_at("tcp://there:1", timeout=0)
    found = cluster_at("tls://there:1", tls_ca=file, tls_cert=file, tls_key=file, timeout=9.0)
    assert found == ClusterAt("tls://there:1", (file, file, file), 9.0)


def test_a_cluster_that_cannot_be_had_is_said_before_any_work() -> None:
    # Either Dask is not installed, or nobody answers at an address that no scheduler can have.
    with (
        pytest.raises(InputError, match=r"needs Dask, which is not installed|cannot be reached"),
        workers_of(ClusterAt("nowhere://there:1"), 1),
    ):
        pass
