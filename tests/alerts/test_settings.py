"""The section `alerts` of the settings."""

from typing import Any, get_args

import pytest
from annotated_types import BaseMetadata
from pydantic import ValidationError

from monitor.events.event import Kind as EventKind
from monitor.settings.alerts import CHANNELS, Alerts
from monitor.settings.channels import Kind
from monitor.settings.declare import extra_of
from monitor.settings.describe import allowed_text, known_keys, named_section_of
from monitor.settings.problems import sentences


def alerts(**values: Any) -> Alerts:
    return Alerts.model_validate(values)


def fault(**values: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        alerts(**values)
    return str(caught.value)


def test_without_settings_nobody_is_told() -> None:
    assert all(getattr(Alerts(), kind) == {} for kind in CHANNELS)


def test_the_kinds_that_may_be_chosen_are_those_of_events_and_notices() -> None:
    assert set(get_args(Kind)) == {*EventKind, "notice"}


@pytest.mark.parametrize("kind", CHANNELS)
def test_the_example_of_each_kind_of_channel_is_right(kind: str) -> None:
    examples: list[Any] = Alerts.model_fields[kind].examples or []
    (example,) = examples
    assert getattr(alerts(**{kind: example}), kind).keys() == example.keys()


@pytest.mark.parametrize("kind", [None, *CHANNELS])
def test_every_key_is_explained_with_range_and_unit(kind: str | None) -> None:
    section = Alerts if kind is None else named_section_of(Alerts.model_fields[kind].annotation)
    assert section is not None
    for name, field in section.model_fields.items():
        assert (field.description or "").endswith("."), name
        assert allowed_text(field), name
        numbers = {int, float} & {field.annotation, *get_args(field.annotation)}
        if numbers:
            assert sum(isinstance(limit, BaseMetadata) for limit in field.metadata) >= 2, name
            assert extra_of(field, "unit"), name


def test_every_key_of_every_channel_is_known() -> None:
    keys = {".".join(map(str, key)) for key in known_keys(Alerts)}
    assert {"give_up_s", "webhook.NAME.secret_env", "mqtt.NAME.host", "gpio.NAME.hold_s"} <= keys


def test_two_channels_of_one_name_are_refused() -> None:
    same = {"me": {"url_env": "A"}}
    assert "two channels are called me" in fault(apprise=same, heartbeat=same)


def test_times_of_the_week_are_checked() -> None:
    assert "no day" in fault(armed_hours=("mo 22:00-06:00",))
    assert "no time of day" in fault(gpio={"lamp": {"pin": 1, "quiet_hours": ("25:00-06:00",)}})


def test_an_unknown_time_zone_is_refused() -> None:
    assert "no time zone is called 'Europe/Wien'" in fault(timezone="Europe/Wien")
    assert alerts(timezone="Europe/Vienna").timezone == "Europe/Vienna"


def test_an_address_with_a_password_is_refused_without_being_shown() -> None:
    given = "https://me:geheim@example.org/"
    with pytest.raises(ValidationError) as caught:
        alerts(webhook={"server": {"url": given}})
    (told,) = sentences(caught.value, Alerts, {})
    assert "keep such an address in url_env" in told
    assert "geheim" not in told


@pytest.mark.parametrize("name", ["url_env", "secret_env"])
def test_a_secret_in_the_place_of_a_variables_name_is_not_shown(name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        alerts(webhook={"server": {name: "tgram://geheim/"}})
    (told,) = sentences(caught.value, Alerts, {})
    assert f"{name} must be the name of an environment variable" in told
    assert "geheim" not in told


@pytest.mark.parametrize("url", ["example.org", "ftp://example.org", "https://", "https://a:99999/"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert "must be an address" in fault(webhook={"server": {"url": url}})


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        ("apprise", {}, "exactly one of url_env, url_file; found none"),
        ("webhook", {"url": "http://a/", "url_env": "B"}, "found url, url_env"),
        ("webhook", {"url": "http://a/", "secret_env": "A", "secret_file": "b"}, "keep one of them"),
        ("mqtt", {"host": "a", "password_env": "A"}, "no username"),
        ("mqtt", {"host": "a", "topic": "monitor/#"}, "pattern"),
        ("command", {"command": ()}, "at least 1"),
    ],
)
def test_what_is_missing_or_too_much_is_told(kind: str, values: dict[str, Any], told: str) -> None:
    assert told in fault(**{kind: {"it": values}})
