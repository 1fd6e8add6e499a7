"""The switch: a private Asterisk, its configuration rendered from ``asterisk-conf/``, its process, its phones."""

from hotline.switch.addresses import local_ipv4
from hotline.switch.installation import Installation
from hotline.switch.manager import Manager, NoManager, manager
from hotline.switch.process import SwitchFailed, cli, is_ready, running_pid, start, start_command, stop
from hotline.switch.provision import BadPhone, Phone, PhoneKind, add_phone, phones, remove_phone
from hotline.switch.render import CHANNEL_VARIABLES, BadSwitchConfig, needed_modules, render
from hotline.switch.unpack import NoAsterisk, cache_dir, ensure_asterisk, find_asterisk

__all__ = [
    "CHANNEL_VARIABLES",
    "BadPhone",
    "BadSwitchConfig",
    "Installation",
    "Manager",
    "NoAsterisk",
    "NoManager",
    "Phone",
    "PhoneKind",
    "SwitchFailed",
    "add_phone",
    "cache_dir",
    "cli",
    "ensure_asterisk",
    "find_asterisk",
    "is_ready",
    "local_ipv4",
    "manager",
    "needed_modules",
    "phones",
    "remove_phone",
    "render",
    "running_pid",
    "start",
    "start_command",
    "stop",
]
