"""Records the stories: ``tests/kit/netns.sh .venv/bin/python -m tests.captures.record [story …]``."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from hotline.sip_phone import NoPhone, SipPhone
from tests.captures.stories import STORIES
from tests.captures.studio import DIALPLAN, RawTap, Studio, studio
from tests.kit.fixtures import quieten
from tests.kit.switch import TestSwitch, in_namespace, running_switch

HERE = Path(__file__).parent
EXTENSIONS = ("8101", "8102", "8103", "8104")


async def record(switch: TestSwitch, names: list[str]) -> int:
    """Play and write these stories; the number that could not be played."""
    failed = 0
    for name in names:
        try:
            async with studio(switch, EXTENSIONS) as phones:
                await _record_one(switch, phones, name)
        except (AssertionError, TimeoutError, NoPhone) as problem:
            failed += 1
            print(f"{name}: {problem!r}", file=sys.stderr)
    return failed


async def _record_one(switch: TestSwitch, phones: dict[str, SipPhone], name: str) -> None:
    async with switch.ami() as ami, AsyncExitStack() as stack:
        for extension in phones:
            for queue in ("citizens", "priority"):
                await ami.try_send("QueueRemove", {"Queue": queue, "Interface": f"PJSIP/{extension}"})
        await quieten(ami)
        ami.events.clear()
        tap = RawTap(switch.settings.ami_port, switch.secrets.get("ami"))
        await tap.start()
        stage = Studio(switch, ami, phones, stack)
        try:
            await STORIES[name](stage)
        finally:
            data = await tap.stop()
            folder = HERE / name
            folder.mkdir(exist_ok=True)
            (folder / "events.ami").write_bytes(data)
        text = json.dumps({"story": STORIES[name].__doc__, **stage.expected}, indent=1, ensure_ascii=False)
        (folder / "expected.json").write_text(text + "\n", "utf-8")
        print(f"{name}: {len(data)} bytes", file=sys.stderr)


def main() -> int:
    if not in_namespace():
        print("run it by  tests/kit/netns.sh", file=sys.stderr)
        return 2
    with running_switch(EXTENSIONS) as switch:
        local = switch.settings.asterisk_dir / "etc" / "local"
        (local / "extensions.conf").write_text(DIALPLAN)
        switch.cli("dialplan reload")
        switch.cli("module load app_directed_pickup.so")
        return asyncio.run(record(switch, sys.argv[1:] or list(STORIES)))


if __name__ == "__main__":
    sys.exit(main())
