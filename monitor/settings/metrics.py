"""Numbers for Prometheus and what reads its format."""

from monitor.settings.declare import Section, key


class Metrics(Section):
    """Numbers of all cameras for Prometheus, at http://ADDRESS:PORT/metrics; off unless a port is given."""

    port: int | None = key(
        None, "Port at which /metrics is served, such as 9187; null: it is not.", unit="port", ge=1, le=65535
    )
    address: str = key(
        "127.0.0.1",
        "Address at which it listens. It asks for no password: beyond this machine (0.0.0.0 is everywhere) "
        "names of cameras and when something moved are open to whoever reaches the port.",
        min_length=1,
        max_length=255,
    )
