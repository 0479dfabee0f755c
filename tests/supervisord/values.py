"""Reads values as supervisord does: lines of JSON in, lines of JSON out.

Each line in is [type, text]; each line out is {"value": ...} or {"error": "..."}.
The first argument is the directory that supervisor was installed to.
"""

import json
import shlex
import sys

sys.path.insert(0, sys.argv[1])

from supervisor import datatypes, options  # noqa: E402


class Names(dict):
    """Names of expansions that can't be written all at once."""

    def __repr__(self):
        raise ValueError("all names at once")

    __str__ = __repr__


NAMES = Names(here="/etc/supervisor", program_name="web", process_num=7, numprocs=12, letter="x", odd="a'b\n\u00e9%")


def number(value):
    """A number as 64 bits hold it."""
    return max(-(2**63), min(2**63 - 1, int(value)))


def log_file(text):
    datatypes.existing_dirpath = lambda path: path
    value = datatypes.logfile_name(text)
    return {None: "none", datatypes.Automatic: "auto", datatypes.Syslog: "syslog"}.get(value, value)


def autorestart(text):
    value = datatypes.auto_restart(text)
    return {False: "never", datatypes.RestartUnconditionally: "always"}.get(value, "unexpected")


def log_level(text):
    return ["blather", "trace", "debug", "info", "warn", "error", "critical"][
        [3, 5, 10, 20, 30, 40, 50].index(datatypes.logging_level(text))
    ]


def socket(text):
    config = options.ServerOptions.parse_fcgi_socket(None, text, None, None, None, None)
    if isinstance(config, datatypes.UnixStreamSocketConfig):
        return text[7:]
    return [config.host, int(config.port)]


def events(text):
    from supervisor.events import EventTypes

    names = [name.upper() for name in datatypes.list_of_strings(text)]
    if not names or any(name.startswith("_") or not hasattr(EventTypes, name) for name in names):
        raise ValueError("unknown event types")
    return names


READERS = {
    "autorestart": autorestart,
    "boolean": datatypes.boolean,
    "command": shlex.split,
    "environment": lambda text: list(datatypes.dict_of_key_value_pairs(text).items()),
    "events": events,
    "exit-codes": datatypes.list_of_exitcodes,
    "expansion": lambda text: options.expand(text, NAMES, "value"),
    "globs": str.split,
    "integer": lambda text: number(datatypes.integer(text)),
    "log-file": log_file,
    "log-level": log_level,
    "octal-mode": lambda text: number(datatypes.octal_type(text)),
    "port": lambda text: list(datatypes.inet_address(text)),
    "process-name": datatypes.process_or_group_name,
    "programs": datatypes.list_of_strings,
    "signal": lambda text: int(datatypes.signal_number(text)),
    "size": lambda text: number(datatypes.byte_size(text)),
    "socket": socket,
}

for line in sys.stdin:
    kind, text = json.loads(line)
    try:
        answer = {"value": READERS[kind](text)}
    except Exception as error:  # whatever it is, supervisord doesn't take it
        answer = {"error": str(error)}
    print(json.dumps(answer))
