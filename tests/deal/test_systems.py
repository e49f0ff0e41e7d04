"""What is on offer."""

from tests.deal.refuse import assert_refuses

from dronedeal.deal.systems import Attribute, System, Trial

SYSTEM = {"id": "x", "name": "X", "maker": "M", "supplier": "ua", "domain": "air", "role": "recon"}


def test_a_system_is_available_at_once_and_in_its_first_version_unless_told() -> None:
    system = System(**SYSTEM)
    assert (system.design_version, system.available_from, system.other_roles) == (1, None, ())


def test_a_domain_is_one_of_four_and_a_version_a_count() -> None:
    assert_refuses(System, SYSTEM, domain="space", design_version=-1, design_refresh_months=601)


def test_a_figure_that_was_not_published_is_absent_and_not_zero() -> None:
    assert Attribute(system="x", attribute="range").value is None
    assert Trial(system="x", measure="hits", setting="field").n_successes is None


def test_a_trial_was_in_the_factory_or_in_the_field() -> None:
    cells = {"system": "x", "measure": "hits", "setting": "factory"}
    assert Trial(**cells).condition == "any"
    assert_refuses(Trial, cells, setting="range", n_trials=-1, failures=1.5)
