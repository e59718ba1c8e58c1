"""`shoal worker`: the detector on Kafka."""

from streams.cli.errors import UserError


def worker() -> None:
    """Read posts and likes from Kafka and write alerts, until stopped.

    Everything is set by variables SHOAL_..., which `shoal check-config` lists. Run as many workers as you like:
    they share the partitions. The topics must exist (`shoal topics create`). Health is served at
    http://127.0.0.1:6066/-/healthy and /-/ready, metrics at /metrics.

    Exit codes: 0 stopped, 65 too many invalid events, 69 something outside is gone, 70 a fault of Shoal's own,
    78 wrong settings or topics. Restart after 69 and 70; look first after 65 and 78.

    [bold]Example[/bold]

      SHOAL_BOOTSTRAP=kafka:9092 SHOAL_SNAPSHOT_FOLDER=/var/lib/shoal shoal worker
    """
    from streams.settings import load_settings

    settings = load_settings()
    try:
        from streams.worker import run
    except ImportError as error:
        raise UserError(f"the worker needs the package {error.name}: install Shoal with its requirements") from error
    run(settings)
