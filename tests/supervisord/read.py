"""Reads configurations with supervisor's own code and says what it makes of them.

    python3 -I read.py FOLDER < requests > answers

FOLDER is where supervisor is installed. A request is the path of a configuration, one a line; its
answer is a JSON object, one a line. Nothing is started, no user or directory is looked up: what
only the target can know passes as it is written.
"""

import json
import os
import re
import shlex
import sys

sys.path.insert(0, sys.argv[1])
os.environ.clear()
os.environ.update({"PATH": "/usr/bin:/bin", "HOME": "/root", "USER": "root", "SIZE": "3MB", "BLANKS": "a b", "PERCENT": "%"})

from supervisor import datatypes, options  # noqa: E402


class Refused(Exception):
    pass


def account(name):
    try:
        number = int(name)
    except ValueError:
        if not name or re.search(r"[:/,\s\x00-\x1f\x7f]", name):
            raise ValueError("Invalid name %s" % name)
        return name
    if number < 0:
        raise ValueError("Invalid number %s" % name)
    return name


NOT_GIVEN = object()
ENTRY_POINT = re.compile(r"[\w.]+\s*(:\s*[\w.]+\s*)?(\[.*\]\s*)?$")


def import_spec(spec):
    if not ENTRY_POINT.match(spec) or ".." in spec:
        raise AttributeError(spec)
    return spec


for module in (options, datatypes):
    for name, stand_in in {
        "existing_directory": str,
        "existing_dirpath": str,
        "name_to_uid": account,
        "name_to_gid": account,
        "gid_for_uid": lambda uid: NOT_GIVEN,
        "normalize_path": str,
        "import_spec": import_spec,
    }.items():
        if hasattr(module, name):
            setattr(module, name, stand_in)
options.platform.node = lambda: "host.example"

glob = options.glob.glob
patterns = []


def recorded(pattern):
    patterns.append(pattern)
    return glob(pattern)


class Glob:
    glob = staticmethod(recorded)


options.glob = Glob


class Options(options.ServerOptions):
    def usage(self, message):
        raise Refused(str(message))


def whole(number):
    return None if number is None else max(-(2**63), min(2**63 - 1, int(number)))


def log_file(value):
    return "AUTO" if value is datatypes.Automatic else value


def restart(value):
    names = {datatypes.RestartUnconditionally: "always", datatypes.RestartWhenExitUnexpected: "unexpected"}
    return names.get(value, "never")


def owner(pair):
    if pair is None or pair == (-1, -1) or pair[1] is NOT_GIVEN:
        return None
    return pair[0] if pair[1] == -1 else "%s:%s" % pair


def words(command):
    try:
        return shlex.split(command)
    except ValueError:
        return None


def process(config):
    answer = {
        "name": config.name,
        "command": config.command,
        "words": words(config.command),
        "directory": config.directory,
        "umask": whole(config.umask),
        "user": config.uid,
        "priority": whole(config.priority),
        "autostart": config.autostart,
        "autorestart": restart(config.autorestart),
        "startsecs": whole(config.startsecs),
        "startretries": whole(config.startretries),
        "exitcodes": config.exitcodes,
        "stopsignal": int(config.stopsignal),
        "stopwaitsecs": whole(config.stopwaitsecs),
        "stopasgroup": config.stopasgroup,
        "killasgroup": config.killasgroup,
        "redirect_stderr": config.redirect_stderr,
        "environment": config.environment,
        "serverurl": config.serverurl,
    }
    for stream in ("stdout", "stderr"):
        get = lambda key: getattr(config, "%s_%s" % (stream, key))
        answer[stream] = {
            "logfile": log_file(get("logfile")),
            "logfile_maxbytes": whole(get("logfile_maxbytes")),
            "logfile_backups": whole(get("logfile_backups")),
            "capture_maxbytes": whole(get("capture_maxbytes")),
            "events_enabled": get("events_enabled"),
            "syslog": get("syslog"),
        }
    return answer


def group(config):
    socket = getattr(config, "socket_config", None)
    if socket is not None:
        unix = isinstance(socket, datatypes.UnixStreamSocketConfig)
        socket = {
            "address": socket.path if unix else "%s %d" % (socket.host, socket.port),
            "owner": owner(socket.owner) if unix else None,
            "mode": whole(socket.mode) if unix else None,
            "backlog": socket.backlog,
        }
    # As `ProcessGroupBase` keeps them: the last of a name, at the place of the first.
    processes = {one.name: process(one) for one in config.process_configs}
    return {
        "name": config.name,
        "priority": whole(config.priority),
        "listener": isinstance(config, options.EventListenerPoolConfig),
        "processes": list(processes.values()),
        "socket": socket,
    }


def http(config):
    unix = config["family"] is options.socket.AF_UNIX
    return {
        "section": config["section"],
        "address": config["file"] if unix else "%s %d" % (config["host"], config["port"]),
        "username": config["username"],
        "password": config["password"],
        "chown": owner(config.get("chown")),
        "chmod": whole(config.get("chmod")),
    }


# What supervisor warns of, without the names.
WARNINGS = {"is deprecated and will": "syslog", "AUTO logging used": "auto", "redirect_stderr=true but": "redirect"}


def answer(path):
    patterns.clear()
    read = Options()
    result = {}
    try:
        read.realize(["-c", path], doc="")
    except Refused as refused:
        result["error"] = str(refused)
    except Exception as crash:
        result["error"] = "%s: %s" % (type(crash).__name__, crash)
    result["patterns"] = list(patterns)
    included = [re.match('Included extra file "(.*)" during', info) for info in read.parse_infos]
    result["included"] = [one.group(1) for one in included if one]
    if "error" in result:
        return result
    section = read.configroot.supervisord
    result["server"] = {
        name: getattr(section, name)
        for name in "logfile pidfile identifier nodaemon silent nocleanup strip_ansi directory user".split()
    }
    for name in "logfile_maxbytes logfile_backups minfds minprocs umask".split():
        result["server"][name] = whole(getattr(section, name))
    result["server"]["loglevel"] = section.loglevel
    result["http"] = [http(config) for config in section.server_configs]
    groups = {}
    for config in read.process_group_configs:
        groups.setdefault(config.name, config)
    result["groups"] = [group(config) for config in groups.values() if config.process_configs]
    result["warnings"] = sorted(
        {kind for warning in read.parse_warnings for said, kind in WARNINGS.items() if said in warning}
    )
    return result


for line in sys.stdin:
    print(json.dumps(answer(line.rstrip("\n"))))
