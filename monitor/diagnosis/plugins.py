"""What other packages plug in, each loaded once."""

from collections.abc import Iterator

from monitor.errors import UsageError
from monitor.health.check import Check, State
from monitor.plugins import Group, Plugin, installed


def plugin_checks() -> Iterator[Check]:
    """Yield a check for each thing that is plugged in, one that says so where there is none."""
    found = [plugin for group in Group for plugin in installed(group)]
    if not found:
        yield Check("plug-ins", State.OK, "none is installed")
    for plugin in found:
        yield _check(plugin)


def _check(plugin: Plugin) -> Check:
    name = f"{plugin.group.one} {plugin.name}"
    try:
        plugin.load()
    except UsageError as error:
        return Check(name, State.PROBLEM, str(error).partition(";")[0], "mend or remove its package")
    use = {
        Group.SOURCES: f"addresses {plugin.name}://…",
        Group.SINKS: "works where plugins.sinks names it",
        Group.DETECTORS: "works where plugins.detectors names it",
    }
    return Check(name, State.OK, f"{plugin.package}, {plugin.value}; {use[plugin.group]}")
